"""What a visitor can be told: each error says, through `gallery.texts`, what happened and what to do.

GalleryError
|-- BadWish              the visitor asked for something that cannot be made or kept
|   |-- UnknownSubject   no such subject of a painting
|   |-- UnknownForm      no such form of verse
|   |-- UnknownRhyme     no such rhyme group
|   |-- UnknownManner    no such poet to write in the manner of
|   |-- LineLength, LongAcrostic, LongKeywords, TwoWishes, NotHan, UnknownCharacter
|   |                    characters for a poem that cannot be taken as they are
|   |-- ObliqueRhyme, OffRhyme, OffToneLevel, OffToneOblique
|   |                    characters for a poem that no pattern of the form has room for
|   |-- OtherRhyme, OtherLength
|   |                    an answer that does not fit what it answers
|   |-- CoupletLength, HalfLine, StandsAlready, NotOpposed
|   |                    a line for a couplet that cannot be answered, or an answer that cannot stand
|   |-- OldLines         own words for a cento, which has lines of poets of old alone
|   |-- BadVariety       variety out of range
|   |-- BadSeed          not a whole number from 0 to 2**32 - 1
|   |-- BadCount         not 1 to 8 works at a time
|   |-- TooMuchMade, TooMuchMadeNearby, TooManyHung, TooManyHungNearby
|   |                    more than one visitor, or one neighbourhood, may make or hang within an hour
|   |-- EmptyTitle, LongTitle, LongSignature, OddCharacters
|   |-- NoVerse, LongVerse   a text for the checker without a Chinese character, or too long for it
|   |-- BadSlider        a slider or a mutation out of range
|   |-- NothingChosen    an act on the chosen draft when none is chosen
|   |-- NoPartner        an act of two paintings when none is kept aside
|   |-- TwoPainters, TwoAges   an act of two paintings of two painters, or of one before and after it learnt more
|   |-- BadFilm, BadSeconds   a film of too few or too many paintings, or too short or too long
|   |-- NotAPainting, NotAPoem    a work of another kind than is needed
|   |-- NothingToInscribe, OddLayout    a scroll without painting or poem, or mounted in no way there is
|   |-- NotAPicture, TinyPicture, BlankPicture    a visitor's own picture that cannot be painted from
|   |-- OtherWeights     a work of a network that is no longer here
|   |-- NotEnlarged      a look at a painting before it was enlarged, which it was not
|   |-- BadStars         not 1 to 5
|   |-- NoCookie         the browser keeps no cookie, so that nothing could be this visitor's
|   |-- BadChoice, TooQuick, AlreadyJudged, TooManyVotes, TooManyNearby, UndoLate
|   |                    a vote in a duel, or its undoing, that does not count
|   |-- UnknownKind      a kind of work that has no ladder
|   |-- LongSearch, NothingToSearch    a question to the wall that is too long, or nothing but punctuation
|   |-- BadMessage, OldMessage, LongMessage, OtherRoom, TooFast, TooManyScreens
|   |                    what a live room cannot take, or not so fast
|   |-- TooManyRooms, OddRoom, RoomFull, RoomEnded, NotAMember, NoSuchMember, NotTheOwner
|   |                    an act in a room that is not open to it
|   |-- EmptyName, LongName, EmptyWords, LongWords, Muted
|   |                    a name or a line of talk that a room does not take
|   |-- NotBegun, BegunAlready, NotYourTurn, PoetsTurn, PastTurn, NoSuchChild, NoVotes, NotFinished,
|   |   SeatTaken, OtherSeat, HousesStep, NoMoreDeals, StillGoing, FewGenerations
|   |                    a move that is out of turn or too late
|   |-- LineWidth, OnlyHan    a line of linked verse that is none
|   |-- NotSoMany        fewer or more works than can be compared
|   |-- BadReason, AlreadyReported, TooManyReports    a report that is not taken
|   |-- AlreadyDecided, NothingToUndo, Overtaken, NotOdd, NotAside
|   |                    a decision at the desk that others have made idle
|   |-- NoHeading, Nameless, LongText, NothingWritten, NothingSelected, FullCollection, InsideItself,
|   |   ChangedSince, ChangedMeanwhile
|   |                    a change of a collection or a note that is none, or that others have made idle
|   |-- NoSuchTag, TagTaken, SameTag, TooManyTags    a tag that is not there, or cannot be as it is wished
|   |-- NotOnView        a wall of what an exhibition hangs, where there is none
|   |-- TooManyMade      more works within an hour than programs may have made
|   |-- KeptBySearch, NothingAsked, BadBounds    a collection that a search keeps, or a search that can keep none
|   |-- NothingToTakeOut, TooManyWorks, StillWriting
|   |                    an export that is empty or too large, or asked for while another one is written
|   |-- ExportStopped    what was being written, by its curator
|   |-- NotYetOpen, ChallengeClosed, StillOpen, HungBefore, OtherTheme, EnteredBefore, TooManyEntries, BadEntries,
|   |   FixedWhileOpen, FixedOnceClosed
|   |                    a challenge, an entry or a vote in one that is not to be, or not now
|   |-- BadSlug, SlugTaken, BadDay, PastDay, EmptyShow    an exhibition that cannot be as it is wished
|   |-- BadName, NameTaken, ShortPassword, LongPassword, CommonPassword, OtherPassword
|   |                    an account that cannot be as it is wished
|   +-- BadCursor        a page of the wall that cannot be found again
|-- NotThere             what is asked for is not here, or not this visitor's
|   |-- DraftGone        unknown, forgotten or forged draft
|   |-- NotYourDraft     somebody else's draft
|   |-- NoSuchWork       no work of that number
|   |-- NotYourWork, NotTakenDown, Erased    a work that this visitor cannot take down, or not bring back
|   |-- NoSuchRoom       no live room of that code
|   |-- PairForged, NotYourPair, PairExpired, PairGone
|   |                    a pair that was never given, or not to this visitor, or can no longer be judged
|   |-- NoSuchColleague, NoSuchCurator    no account of that name
|   |-- NoSuchChallenge, NotYourEntry    no challenge of that number, or somebody else's work for one
|   |-- NoSuchCollection, NoSuchNote, NoSuchShow, NoSuchExport
|   |                    nothing of that number or name, or not for this curator
|   +-- PictureLost      the work is there, its file is not
|-- NotAllowed           only curators may
|   +-- NotSignedIn, WrongPassword, LockedOut, DoorBusy, KeepersOnly, NotYours
|                        who asks is not signed in, or not as one who may
|-- EngineTrouble        the work could not be made now
|   |-- QueueFull, TooSlow, WorkerDied, ModelUnavailable, Closing
|   +-- StillMaking      this visitor's last one is not ready yet
+-- StoreTrouble         the work could not be kept now; the draft stays, so that saving can be tried again
    |-- DiskFull, CannotWrite, DatabaseBusy, DatabaseTooNew, DatabaseBroken, SecretBroken
    +-- HomeInUse, HomeNotEmpty, BackupExists, NotABackup, BackupDamaged, TooIll, NotAnExport,
        NotUnpacked, NothingToBringIn
                         said to those who run the house, never to a visitor

An error carries values, never sentences: `error.key` names the sentence ("errors.queue_full") and `error.values` fills
it. Errors of the database and of the networks are translated into these by the journeys.
"""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish as BadWish
from gallery.errors.base import EngineTrouble as EngineTrouble
from gallery.errors.base import GalleryError as GalleryError
from gallery.errors.base import NotAllowed as NotAllowed
from gallery.errors.base import NotThere as NotThere
from gallery.errors.base import StoreTrouble as StoreTrouble
from gallery.errors.challenges import BadEntries as BadEntries
from gallery.errors.challenges import ChallengeClosed as ChallengeClosed
from gallery.errors.challenges import EnteredBefore as EnteredBefore
from gallery.errors.challenges import FixedOnceClosed as FixedOnceClosed
from gallery.errors.challenges import FixedWhileOpen as FixedWhileOpen
from gallery.errors.challenges import HungBefore as HungBefore
from gallery.errors.challenges import NoSuchChallenge as NoSuchChallenge
from gallery.errors.challenges import NotYetOpen as NotYetOpen
from gallery.errors.challenges import NotYourEntry as NotYourEntry
from gallery.errors.challenges import OtherTheme as OtherTheme
from gallery.errors.challenges import StillOpen as StillOpen
from gallery.errors.challenges import TooManyEntries as TooManyEntries
from gallery.errors.desk import AlreadyDecided as AlreadyDecided
from gallery.errors.desk import AlreadyReported as AlreadyReported
from gallery.errors.desk import BadName as BadName
from gallery.errors.desk import BadReason as BadReason
from gallery.errors.desk import CommonPassword as CommonPassword
from gallery.errors.desk import DoorBusy as DoorBusy
from gallery.errors.desk import KeepersOnly as KeepersOnly
from gallery.errors.desk import LockedOut as LockedOut
from gallery.errors.desk import LongPassword as LongPassword
from gallery.errors.desk import NameTaken as NameTaken
from gallery.errors.desk import NoSuchColleague as NoSuchColleague
from gallery.errors.desk import NoSuchCurator as NoSuchCurator
from gallery.errors.desk import NotAside as NotAside
from gallery.errors.desk import NothingToUndo as NothingToUndo
from gallery.errors.desk import NotOdd as NotOdd
from gallery.errors.desk import NotSignedIn as NotSignedIn
from gallery.errors.desk import OtherPassword as OtherPassword
from gallery.errors.desk import Overtaken as Overtaken
from gallery.errors.desk import ShortPassword as ShortPassword
from gallery.errors.desk import TooManyReports as TooManyReports
from gallery.errors.desk import WrongPassword as WrongPassword
from gallery.errors.finding import BadBounds as BadBounds
from gallery.errors.finding import BadCursor as BadCursor
from gallery.errors.finding import KeptBySearch as KeptBySearch
from gallery.errors.finding import LongSearch as LongSearch
from gallery.errors.finding import NoSuchTag as NoSuchTag
from gallery.errors.finding import NothingAsked as NothingAsked
from gallery.errors.finding import NothingToSearch as NothingToSearch
from gallery.errors.finding import NotOnView as NotOnView
from gallery.errors.finding import SameTag as SameTag
from gallery.errors.finding import TagTaken as TagTaken
from gallery.errors.finding import TooManyMade as TooManyMade
from gallery.errors.finding import TooManyTags as TooManyTags
from gallery.errors.keeping import BackupDamaged as BackupDamaged
from gallery.errors.keeping import BackupExists as BackupExists
from gallery.errors.keeping import Erased as Erased
from gallery.errors.keeping import HomeInUse as HomeInUse
from gallery.errors.keeping import HomeNotEmpty as HomeNotEmpty
from gallery.errors.keeping import NotABackup as NotABackup
from gallery.errors.keeping import NotTakenDown as NotTakenDown
from gallery.errors.keeping import NotYourWork as NotYourWork
from gallery.errors.keeping import TooIll as TooIll
from gallery.errors.making import BadCount as BadCount
from gallery.errors.making import BadSeed as BadSeed
from gallery.errors.making import BadSlider as BadSlider
from gallery.errors.making import BadVariety as BadVariety
from gallery.errors.making import EmptyTitle as EmptyTitle
from gallery.errors.making import LongSignature as LongSignature
from gallery.errors.making import LongTitle as LongTitle
from gallery.errors.making import NoPartner as NoPartner
from gallery.errors.making import NotAPainting as NotAPainting
from gallery.errors.making import NotAPoem as NotAPoem
from gallery.errors.making import NotEnlarged as NotEnlarged
from gallery.errors.making import NothingChosen as NothingChosen
from gallery.errors.making import NothingToInscribe as NothingToInscribe
from gallery.errors.making import OddCharacters as OddCharacters
from gallery.errors.making import OddLayout as OddLayout
from gallery.errors.making import OtherWeights as OtherWeights
from gallery.errors.making import TooManyHung as TooManyHung
from gallery.errors.making import TooManyHungNearby as TooManyHungNearby
from gallery.errors.making import TooMuchMade as TooMuchMade
from gallery.errors.making import TooMuchMadeNearby as TooMuchMadeNearby
from gallery.errors.making import UnknownSubject as UnknownSubject
from gallery.errors.pictures import BadFilm as BadFilm
from gallery.errors.pictures import BadSeconds as BadSeconds
from gallery.errors.pictures import BlankPicture as BlankPicture
from gallery.errors.pictures import NotAPicture as NotAPicture
from gallery.errors.pictures import TinyPicture as TinyPicture
from gallery.errors.pictures import TwoAges as TwoAges
from gallery.errors.pictures import TwoPainters as TwoPainters
from gallery.errors.rooms import BadMessage as BadMessage
from gallery.errors.rooms import BegunAlready as BegunAlready
from gallery.errors.rooms import EmptyName as EmptyName
from gallery.errors.rooms import EmptyWords as EmptyWords
from gallery.errors.rooms import FewGenerations as FewGenerations
from gallery.errors.rooms import HousesStep as HousesStep
from gallery.errors.rooms import LineWidth as LineWidth
from gallery.errors.rooms import LongMessage as LongMessage
from gallery.errors.rooms import LongName as LongName
from gallery.errors.rooms import LongWords as LongWords
from gallery.errors.rooms import Muted as Muted
from gallery.errors.rooms import NoMoreDeals as NoMoreDeals
from gallery.errors.rooms import NoSuchChild as NoSuchChild
from gallery.errors.rooms import NoSuchMember as NoSuchMember
from gallery.errors.rooms import NoSuchRoom as NoSuchRoom
from gallery.errors.rooms import NotAMember as NotAMember
from gallery.errors.rooms import NotBegun as NotBegun
from gallery.errors.rooms import NotFinished as NotFinished
from gallery.errors.rooms import NotTheOwner as NotTheOwner
from gallery.errors.rooms import NotYourTurn as NotYourTurn
from gallery.errors.rooms import NoVotes as NoVotes
from gallery.errors.rooms import OddRoom as OddRoom
from gallery.errors.rooms import OldMessage as OldMessage
from gallery.errors.rooms import OnlyHan as OnlyHan
from gallery.errors.rooms import OtherRoom as OtherRoom
from gallery.errors.rooms import OtherSeat as OtherSeat
from gallery.errors.rooms import PastTurn as PastTurn
from gallery.errors.rooms import PoetsTurn as PoetsTurn
from gallery.errors.rooms import RoomEnded as RoomEnded
from gallery.errors.rooms import RoomFull as RoomFull
from gallery.errors.rooms import SeatTaken as SeatTaken
from gallery.errors.rooms import StillGoing as StillGoing
from gallery.errors.rooms import TooFast as TooFast
from gallery.errors.rooms import TooManyRooms as TooManyRooms
from gallery.errors.rooms import TooManyScreens as TooManyScreens
from gallery.errors.shows import BadDay as BadDay
from gallery.errors.shows import BadSlug as BadSlug
from gallery.errors.shows import ChangedMeanwhile as ChangedMeanwhile
from gallery.errors.shows import ChangedSince as ChangedSince
from gallery.errors.shows import EmptyShow as EmptyShow
from gallery.errors.shows import ExportStopped as ExportStopped
from gallery.errors.shows import FullCollection as FullCollection
from gallery.errors.shows import InsideItself as InsideItself
from gallery.errors.shows import LongText as LongText
from gallery.errors.shows import Nameless as Nameless
from gallery.errors.shows import NoHeading as NoHeading
from gallery.errors.shows import NoSuchCollection as NoSuchCollection
from gallery.errors.shows import NoSuchExport as NoSuchExport
from gallery.errors.shows import NoSuchNote as NoSuchNote
from gallery.errors.shows import NoSuchShow as NoSuchShow
from gallery.errors.shows import NotAnExport as NotAnExport
from gallery.errors.shows import NothingSelected as NothingSelected
from gallery.errors.shows import NothingToBringIn as NothingToBringIn
from gallery.errors.shows import NothingToTakeOut as NothingToTakeOut
from gallery.errors.shows import NothingWritten as NothingWritten
from gallery.errors.shows import NotUnpacked as NotUnpacked
from gallery.errors.shows import NotYours as NotYours
from gallery.errors.shows import PastDay as PastDay
from gallery.errors.shows import SlugTaken as SlugTaken
from gallery.errors.shows import StillWriting as StillWriting
from gallery.errors.shows import TooManyWorks as TooManyWorks
from gallery.errors.trouble import CannotWrite as CannotWrite
from gallery.errors.trouble import Closing as Closing
from gallery.errors.trouble import DatabaseBroken as DatabaseBroken
from gallery.errors.trouble import DatabaseBusy as DatabaseBusy
from gallery.errors.trouble import DatabaseTooNew as DatabaseTooNew
from gallery.errors.trouble import DiskFull as DiskFull
from gallery.errors.trouble import ModelUnavailable as ModelUnavailable
from gallery.errors.trouble import QueueFull as QueueFull
from gallery.errors.trouble import SecretBroken as SecretBroken
from gallery.errors.trouble import StillMaking as StillMaking
from gallery.errors.trouble import TooSlow as TooSlow
from gallery.errors.trouble import WorkerDied as WorkerDied
from gallery.errors.verse import CoupletLength as CoupletLength
from gallery.errors.verse import HalfLine as HalfLine
from gallery.errors.verse import LineLength as LineLength
from gallery.errors.verse import LongAcrostic as LongAcrostic
from gallery.errors.verse import LongKeywords as LongKeywords
from gallery.errors.verse import LongVerse as LongVerse
from gallery.errors.verse import NotHan as NotHan
from gallery.errors.verse import NotOpposed as NotOpposed
from gallery.errors.verse import NoVerse as NoVerse
from gallery.errors.verse import ObliqueRhyme as ObliqueRhyme
from gallery.errors.verse import OffRhyme as OffRhyme
from gallery.errors.verse import OffToneLevel as OffToneLevel
from gallery.errors.verse import OffToneOblique as OffToneOblique
from gallery.errors.verse import OldLines as OldLines
from gallery.errors.verse import OtherLength as OtherLength
from gallery.errors.verse import OtherRhyme as OtherRhyme
from gallery.errors.verse import StandsAlready as StandsAlready
from gallery.errors.verse import TwoWishes as TwoWishes
from gallery.errors.verse import UnknownCharacter as UnknownCharacter
from gallery.errors.verse import UnknownForm as UnknownForm
from gallery.errors.verse import UnknownManner as UnknownManner
from gallery.errors.verse import UnknownRhyme as UnknownRhyme
from gallery.errors.voting import AlreadyJudged as AlreadyJudged
from gallery.errors.voting import BadChoice as BadChoice
from gallery.errors.voting import NotSoMany as NotSoMany
from gallery.errors.voting import NotYourPair as NotYourPair
from gallery.errors.voting import PairExpired as PairExpired
from gallery.errors.voting import PairForged as PairForged
from gallery.errors.voting import PairGone as PairGone
from gallery.errors.voting import TooManyNearby as TooManyNearby
from gallery.errors.voting import TooManyVotes as TooManyVotes
from gallery.errors.voting import TooQuick as TooQuick
from gallery.errors.voting import UndoLate as UndoLate
from gallery.errors.voting import UnknownKind as UnknownKind


@dataclass(eq=False)
class BadStars(BadWish):
    """Not 1 to 5 whole stars."""

    stars: object


class NoCookie(BadWish):
    """The visitor's browser keeps no cookie for this site, so nobody would know what is theirs."""


class DraftGone(NotThere):
    """The draft is unknown, forgotten or its token is forged."""


class NotYourDraft(NotThere):
    """The draft is somebody else's."""


@dataclass(eq=False)
class NoSuchWork(NotThere):
    """No work of that number hangs here."""

    work: object


@dataclass(eq=False)
class PictureLost(NotThere):
    """The work is there, its file is not, or is damaged."""

    sha: str
