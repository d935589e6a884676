"""The gallery: pages, journeys and the small rooms they stand on."""
