// The live protocol and the HTTP API: what the server takes and answers, as types for the editor
// and for "make check". Written by .ci/page_types.py from chat/web; not to be changed by hand.

/**
 * @typedef {object} AboutModel
 * The model that answers next, among the settings.
 * @property {string} title
 * @property {string} note
 * @property {boolean} tools
 */

/**
 * @typedef {object} Beat
 * Nothing new, and the connection is alive.
 * @property {"beat"} type
 */

/**
 * @typedef {object} Blank
 * No conversation is shown.
 * @property {"blank"} type
 * @property {ModelFacts | null} facts
 */

/**
 * @typedef {object} BranchShown
 * The conversation whose branch was changed.
 * @property {string} conversation
 */

/**
 * @typedef {object} CarriedPicture
 * The latest picture of the transcript: it goes along with the next message by default.
 * @property {string} sha
 * @property {number} width
 * @property {number} height
 * @property {string} alt
 */

/**
 * @typedef {object} CloseConversation
 * Show none.
 * @property {"close"} type
 */

/**
 * @typedef {object} ConnectionTested
 * Whether an endpoint answers, in a sentence.
 * @property {boolean} works
 * @property {string} sentence
 */

/**
 * @typedef {object} ConversationGone
 * A conversation has left the sidebar.
 * @property {"gone"} type
 * @property {string} conversation
 */

/**
 * @typedef {object} ConversationId
 * A conversation that was made, or brought back.
 * @property {string} id
 */

/**
 * @typedef {object} ConversationMissing
 * What was asked for is not there; of ``None`` it is not even known what that was.
 * @property {"missing"} type
 * @property {string | null} conversation
 */

/**
 * @typedef {object} ConversationPage
 * Some rows of the sidebar, newest first.
 * @property {(ConversationRow)[]} conversations
 * @property {boolean} more
 */

/**
 * @typedef {object} ConversationRow
 * A conversation as the sidebar lists it.
 * @property {string} id
 * @property {string} title
 * @property {string} model
 * @property {string} at
 * @property {boolean} running
 * @property {string} excerpt
 */

/**
 * @typedef {object} Deleted
 * A conversation lies in the bin.
 * @property {true} deleted
 */

/**
 * @typedef {object} Draft
 * A message that is being written.
 * @property {string} [text]
 * @property {(string)[]} [pictures]
 * @property {(string)[]} [masks]
 * @property {string | null} [parent_id]
 */

/**
 * @typedef {object} DrawnMessage
 * One message of the transcript.
 * @property {string} id
 * @property {string} stamp
 * @property {string} html
 */

/**
 * @typedef {object} DrawnTurn
 * One message of a turn, as the transcript shows it.
 * @property {string} id
 * @property {string} html
 */

/**
 * @typedef {object} EndpointHelp
 * An endpoint: what it is, what it wants, and an example row.
 * @property {string} id
 * @property {string} title
 * @property {string} kind
 * @property {string} what
 * @property {string} reason
 * @property {(VariablesHelp)[]} wants
 * @property {string} example
 */

/**
 * @typedef {object} EndpointsHelp
 * Every endpoint, in the order of the files.
 * @property {(EndpointHelp)[]} endpoints
 */

/**
 * @typedef {object} Estimated
 * What a draft may cost, in words, and how that was reckoned; empty where nobody can say.
 * @property {string} words
 * @property {string} why
 */

/**
 * @typedef {object} Failure
 * The answer to whatever is refused or fails: one sentence for the user.
 * @property {string} error
 */

/**
 * @typedef {object} Fault
 * Something failed; a sentence for the user.
 * @property {"error"} type
 * @property {string} error
 */

/**
 * @typedef {object} FollowMessage
 * Show the branch that this message is on.
 * @property {"follow"} type
 * @property {string} message
 */

/**
 * @typedef {object} Frame
 * A growing reply has grown.
 * @property {"frame"} type
 * @property {number} stream
 * @property {(FrameChange)[]} changes
 */

/**
 * @typedef {object} FrameChange
 * One step of the open block of a growing reply.
 * @property {number} keep
 * @property {string} tail
 * @property {boolean} finished
 */

/**
 * @typedef {object} Health
 * The server answers.
 * @property {"ok"} status
 */

/**
 * @typedef {object} Held
 * What is on the screen of a page whose connection was lost.
 * @property {(HeldMessage)[]} messages
 * @property {(HeldStream)[]} [streams]
 */

/**
 * @typedef {object} HeldMessage
 * A message that the page shows.
 * @property {string} id
 * @property {string} stamp
 */

/**
 * @typedef {object} HeldStream
 * A growing reply that the page shows in part.
 * @property {string} reply
 * @property {number} stream
 * @property {number} blocks
 */

/**
 * @typedef {object} Hello
 * The answer to the page's own: which Easel this is.
 * @property {"hello"} type
 * @property {string} build
 * @property {string} version
 * @property {number} beat_ms
 */

/**
 * @typedef {object} ModelFacts
 * What the message box must know of the model that answers next.
 * @property {string} id
 * @property {string} title
 * @property {boolean} history
 * @property {boolean} takes_pictures
 * @property {boolean} draws
 * @property {boolean} tools
 * @property {boolean} mask
 */

/**
 * @typedef {object} ModelGroup
 * An endpoint in the menu, with its models.
 * @property {string} id
 * @property {string} title
 * @property {string} reason
 * @property {(ModelRow)[]} models
 */

/**
 * @typedef {object} ModelMenu
 * Every endpoint with its models.
 * @property {string} default
 * @property {(ModelGroup)[]} groups
 * @property {boolean} more_to_come
 */

/**
 * @typedef {object} ModelMissing
 * What to say of a model that is not in the menu, and who may take its place.
 * @property {string} title
 * @property {string} notice
 * @property {string} successor
 */

/**
 * @typedef {object} ModelRow
 * A model in the menu; every text is words for people.
 * @property {string} id
 * @property {string} title
 * @property {string} label
 * @property {string} short
 * @property {string} note
 * @property {(string)[]} badges
 * @property {string} price
 * @property {string} source
 * @property {string} reason
 * @property {string} ends
 * @property {string} notice
 * @property {string} successor
 * @property {(string)[]} aliases
 */

/**
 * @typedef {object} NotUnderstood
 * The page said what this server does not know; the reason is for its developer.
 * @property {"not-understood"} type
 * @property {string} reason
 */

/**
 * @typedef {object} OlderMessages
 * The messages above the first one shown.
 * @property {"older"} type
 * @property {(DrawnMessage)[]} added
 * @property {boolean} has_older
 */

/**
 * @typedef {object} OpenConversation
 * Show a conversation; with ``held`` only what the page does not have yet.
 * @property {"open"} type
 * @property {string} conversation
 * @property {Held | null} [held]
 */

/**
 * @typedef {object} Patch
 * What changed: the first ``keep`` messages stay, those of ``added`` follow them.
 * @property {string} conversation
 * @property {string | null} leaf
 * @property {boolean} has_older
 * @property {CarriedPicture | null} carry
 * @property {ModelFacts | null} facts
 * @property {string} settings
 * @property {string} spent
 * @property {"patch"} type
 * @property {number} keep
 * @property {(DrawnMessage)[]} redrawn
 * @property {(DrawnMessage)[]} added
 */

/**
 * @typedef {object} Ping
 * Say anything: is the connection alive?
 * @property {"ping"} type
 */

/**
 * @typedef {object} Poll
 * A page asks what there is.
 * @property {number} arrived
 */

/**
 * @typedef {object} Polled
 * What there was to tell, in order, and the number of this answer.
 * @property {number} number
 * @property {(Hello | Beat | TranscriptWindow | Patch | OlderMessages | Blank | StreamBegins | Frame | ReplyEnded | ConversationMissing | ConversationGone | RowChanged | Fault | NotUnderstood)[]} told
 */

/**
 * @typedef {object} Question
 * A message to send, or the new words of an edited one.
 * @property {string} text
 * @property {(string)[]} [pictures]
 * @property {(string)[]} [masks]
 * @property {string} client_id
 * @property {string | null} [parent_id]
 */

/**
 * @typedef {object} Renamed
 * The title as it is kept.
 * @property {string} title
 */

/**
 * @typedef {object} ReplyEnded
 * A growing reply has reached its end.
 * @property {"end"} type
 * @property {string} reply
 * @property {string} stamp
 * @property {"queued" | "streaming" | "complete" | "stopped" | "failed" | "blocked" | "interrupted"} status
 * @property {string} author
 * @property {string} tail
 * @property {string | null} body
 * @property {CarriedPicture | null} carry
 */

/**
 * @typedef {object} Rewording
 * Other words for a question.
 * @property {string} text
 */

/**
 * @typedef {object} RowChanged
 * A row of the sidebar has changed, or come.
 * @property {"row"} type
 * @property {ConversationRow} row
 */

/**
 * @typedef {object} Say
 * A page says something.
 * @property {boolean} [begins]
 * @property {(Record<string, any>)[]} said
 */

/**
 * @typedef {object} SayHello
 * The first thing a page says: which build its scripts are of.
 * @property {"hello"} type
 * @property {string} build
 */

/**
 * @typedef {object} SettingShown
 * One setting: its value, whether the model has it, and what may be chosen.
 * @property {any} value
 * @property {boolean} offered
 * @property {(string)[]} choices
 */

/**
 * @typedef {object} SettingsOfConversation
 * All settings of a conversation.
 * @property {string} stamp
 * @property {AboutModel | null} model
 * @property {Record<string, SettingShown>} settings
 */

/**
 * @typedef {object} ShowOlder
 * Show the messages above the first one.
 * @property {"older"} type
 */

/**
 * @typedef {object} Stopped
 * Whether the reply was still being written.
 * @property {boolean} stopped
 */

/**
 * @typedef {object} StoredPicture
 * A picture as it is kept.
 * @property {string} sha
 * @property {string} mime
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {string} note
 */

/**
 * @typedef {object} StreamBegins
 * A reply on the screen is being written; its frames follow.
 * @property {"stream"} type
 * @property {string} reply
 * @property {number} stream
 * @property {number} held
 */

/**
 * @typedef {object} Taken
 * So much of what was said is done.
 * @property {number} taken
 */

/**
 * @typedef {object} Title
 * A new title.
 * @property {string} title
 */

/**
 * @typedef {object} TranscriptWindow
 * A conversation from nothing: its last messages.
 * @property {string} conversation
 * @property {string | null} leaf
 * @property {boolean} has_older
 * @property {CarriedPicture | null} carry
 * @property {ModelFacts | null} facts
 * @property {string} settings
 * @property {string} spent
 * @property {"window"} type
 * @property {string} title
 * @property {string} model
 * @property {(DrawnMessage)[]} added
 */

/**
 * @typedef {object} TurnStarted
 * A turn that is under way, or was already.
 * @property {string} conversation
 * @property {string} question
 * @property {string} reply
 * @property {string | null} above
 * @property {(DrawnTurn)[]} drawn
 */

/**
 * @typedef {object} VariableHelp
 * A variable, and whether it is set; never its value.
 * @property {string} name
 * @property {boolean} set
 */

/**
 * @typedef {object} VariablesHelp
 * Some variables under a word that says what they are for.
 * @property {string} word
 * @property {(VariableHelp)[]} variables
 */

/**
 * @typedef {Hello | Beat | TranscriptWindow | Patch | OlderMessages | Blank | StreamBegins | Frame | ReplyEnded | ConversationMissing | ConversationGone | RowChanged | Fault | NotUnderstood} Told
 * Whatever a server tells.
 */

/**
 * @typedef {SayHello | OpenConversation | FollowMessage | ShowOlder | CloseConversation | Ping} Asked
 * Whatever a page may say.
 */

/** The types of all that a server tells. */
export const TOLD = ["hello", "beat", "window", "patch", "older", "blank", "stream", "frame", "end", "missing", "gone", "row", "error", "not-understood"];

/** How a message may stand. */
export const STATUSES = ["queued", "streaming", "complete", "stopped", "failed", "blocked", "interrupted"];
