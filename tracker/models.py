"""Every table, so that one import fills the metadata."""

from tracker.directory.alias import Alias
from tracker.directory.department import Department
from tracker.directory.group import Group, Membership
from tracker.directory.post import Charge, Holding, Post
from tracker.directory.setup import SetupToken
from tracker.directory.signin import FailedTry, SignIn
from tracker.directory.user import User
from tracker.events import Event
from tracker.exchange.export import Export
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy
from tracker.exchange.mailbox.received import MailboxLook, ReceivedMail
from tracker.exchange.merging.pieces import ReturnedPiece
from tracker.exchange.merging.returned import ReturnedFile
from tracker.intake.batch import Batch, BatchChange
from tracker.intake.question import Question
from tracker.jobs import ChoreRun
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.reminders.calendar import CalendarDay, CalendarYear
from tracker.reminders.reminder import Reminder
from tracker.scoring.award import Award
from tracker.scoring.finding import Finding, FindingPhoto
from tracker.scoring.freezing import FrozenLine, FrozenPoint, FrozenRanking
from tracker.scoring.item import Item
from tracker.scoring.praise import Praise
from tracker.scoring.rectification import Rectification
from tracker.scoring.round import Round
from tracker.scoring.rules import Rule, RuleSet
from tracker.scoring.visit import Visit, VisitItem
from tracker.storage import StoredFile
from tracker.work.completion import Completion, Review
from tracker.work.cooperation import PoorCooperation
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover
from tracker.work.instruction import Instruction
from tracker.work.receipt import Receipt
from tracker.work.report import Report
from tracker.work.requirement import Requirement
from tracker.work.target import Target
from tracker.work.urge import Urge

TABLES = (
    Alias, Assignment, Award, Batch, BatchChange, CalendarDay, CalendarYear, Charge, ChoreRun,
    Completion, Department, Event, Evidence, Export, Extension, FailedTry, Finding, FindingPhoto,
    FrozenLine, FrozenPoint, FrozenRanking, Group, HandOut, HandOutCopy, Handover, Holding,
    Instruction, Item, MailboxLook, Membership, Message, Plan, PoorCooperation, Post, Praise,
    Question, Receipt, ReceivedMail, Rectification, Reminder, Report, Requirement, ReturnedFile,
    ReturnedPiece, Review, Round, Rule, RuleSet, Section, SetupToken, SignIn, StoredFile, Target,
    Task, UnresolvedName, Urge, User, Visit, VisitItem,
)  # fmt: skip
