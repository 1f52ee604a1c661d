// The live protocol and the HTTP API: what the server takes and answers, as types for the editor
// and for "make check". Written by .ci/page_types.py from chat/web; not to be changed by hand.

/**
 * @typedef {object} AboutModel
 * The model that answers next, among the settings.
 * @property {string} title
 * @property {string} note
 */

/**
 * @typedef {object} AbsentTool
 * A tool of the house that this Easel is not set up for.
 * @property {string} title
 * @property {string} about
 * @property {string} setup
 */

/**
 * @typedef {object} Added
 * What a user added: one of both.
 * @property {StoredPicture | null} picture
 * @property {StoredFile | null} file
 */

/**
 * @typedef {object} AlongFile
 * A stored file that goes along with a message.
 * @property {string} sha
 * @property {string} name
 * @property {number | null} [handle]
 */

/**
 * @typedef {object} Beat
 * Nothing new, and the connection is alive.
 * @property {"beat"} type
 * @property {boolean} answers
 */

/**
 * @typedef {object} BinPage
 * Some rows of the bin, deleted last first.
 * @property {(BinnedRow)[]} conversations
 * @property {boolean} more
 * @property {number} days
 */

/**
 * @typedef {object} BinnedRow
 * A conversation in the bin. Moments are UTC, ISO 8601.
 * @property {string} id
 * @property {string} title
 * @property {string} deleted_at
 * @property {string} goes_at
 */

/**
 * @typedef {object} Blank
 * No conversation is shown.
 * @property {"blank"} type
 * @property {ModelFacts | null} facts
 */

/**
 * @typedef {object} BlankOffered
 * What is to be filled in.
 * @property {string} name
 * @property {string} about
 * @property {boolean} required
 */

/**
 * @typedef {object} BoardName
 * A board's new name.
 * @property {string} name
 */

/**
 * @typedef {object} BoardOrder
 * The ids of boards, as they shall stand.
 * @property {(string)[]} boards
 */

/**
 * @typedef {object} BoardPictures
 * Pictures to put on a board.
 * @property {(string)[]} pictures
 * @property {number | null} [at]
 */

/**
 * @typedef {object} BoardShown
 * A board, with its pictures in order.
 * @property {string} id
 * @property {string} name
 * @property {(string)[]} pictures
 */

/**
 * @typedef {object} Boards
 * Every board, in order.
 * @property {(BoardShown)[]} boards
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
 * @typedef {object} ChainOfVersion
 * How a version came of a clean original.
 * @property {string} original
 * @property {string} question
 * @property {string | null} above
 * @property {(EditOfChain)[]} edits
 */

/**
 * @typedef {object} ChangeOfPicture
 * What an edit changed, in words.
 * @property {string} sha
 * @property {string} before
 * @property {string} words
 * @property {string} spoken
 */

/**
 * @typedef {object} ChangesOfReply
 * What the pictures of a reply changed; drawn anew: nothing.
 * @property {(ChangeOfPicture)[]} changes
 */

/**
 * @typedef {object} CloseConversation
 * Show none.
 * @property {"close"} type
 */

/**
 * @typedef {object} ComparedPictures
 * How two pictures differ.
 * @property {boolean} same
 * @property {number} changed_share
 * @property {number} mean_levels
 * @property {number} mean_delta_e
 * @property {number} ssim
 * @property {(any)[]} size_before
 * @property {(any)[]} size_after
 * @property {string} extent
 * @property {(Region)[]} regions
 */

/**
 * @typedef {object} Completions
 * What a blank may be filled with, in the server's order.
 * @property {(string)[]} values
 */

/**
 * @typedef {object} CompletionsWanted
 * A blank that is being filled in.
 * @property {"prompt" | "resource" | "template"} kind
 * @property {string} name
 * @property {string} blank
 * @property {Record<string, string>} [blanks]
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
 * A conversation that was made, copied, or brought back.
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
 * Some rows of the sidebar: those that are pinned, then the others, newest first.
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
 * @property {boolean} waits
 * @property {string} pinned
 * @property {string} picture
 * @property {string} excerpt
 */

/**
 * @typedef {object} DecidedCall
 * What is decided on one call.
 * @property {string} call
 * @property {string} digest
 * @property {"once" | "conversation" | "deny"} choice
 * @property {string} [word]
 */

/**
 * @typedef {object} DecisionTaken
 * The reply that goes on, or has ended with this.
 * @property {string} reply
 */

/**
 * @typedef {object} Decisions
 * What is decided on every call that a reply waits for.
 * @property {(DecidedCall)[]} decisions
 */

/**
 * @typedef {object} Deleted
 * A conversation lies in the bin.
 * @property {true} deleted
 */

/**
 * @typedef {object} Dictated
 * What was said, to be put where the caret is; it is kept nowhere.
 * @property {string} text
 */

/**
 * @typedef {object} Done
 * It is done, and there is nothing to tell.
 * @property {true} done
 */

/**
 * @typedef {object} Draft
 * A message that is being written.
 * @property {string} [text]
 * @property {(string)[]} [pictures]
 * @property {(string)[]} [masks]
 * @property {string | null} [parent_id]
 * @property {Record<string, any>} [handles]
 * @property {boolean} [fresh]
 * @property {(AlongFile)[]} [files]
 * @property {(string)[]} [tray]
 * @property {number} [replies]
 * @property {(string)[]} [models]
 */

/**
 * @typedef {object} DrawnMessage
 * One message of the transcript.
 * @property {string} id
 * @property {string} stamp
 * @property {string} html
 */

/**
 * @typedef {object} DrawnQuestion
 * What a running tool asks the user.
 * @property {string} id
 * @property {string} html
 */

/**
 * @typedef {object} DrawnTurn
 * One message of a turn, as the transcript shows it.
 * @property {string} id
 * @property {string} html
 */

/**
 * @typedef {object} EarlierPrompts
 * What was asked before, the newest conversation first.
 * @property {(string)[]} prompts
 */

/**
 * @typedef {object} Edit
 * Operations on a picture, without a model.
 * @property {string} picture
 * @property {(Record<string, any>)[]} operations
 * @property {string} client_id
 * @property {string | null} [parent_id]
 */

/**
 * @typedef {object} EditOfChain
 * One edit on the way from an original to a version.
 * @property {string} sha
 * @property {string} words
 * @property {boolean} by_model
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
 * @typedef {object} Enlargement
 * A picture to be enlarged by the upscaling network.
 * @property {string} picture
 * @property {2 | 3 | 4} factor
 * @property {string} client_id
 * @property {string | null} [parent_id]
 */

/**
 * @typedef {object} Erased
 * How many conversations were removed for good.
 * @property {number} erased
 */

/**
 * @typedef {object} Estimated
 * What a draft may cost, in words, and how that was reckoned; empty where nobody can say.
 * @property {string} words
 * @property {string} why
 * @property {(TrayPicture)[]} pictures
 * @property {(NumberedPicture)[]} shown
 * @property {number} next_handle
 * @property {(TrayFile)[]} files
 * @property {(NumberedFile)[]} shown_files
 * @property {number} next_file_handle
 * @property {HistoryShare | null} history
 * @property {NearLimit | null} limit
 */

/**
 * @typedef {object} Exportable
 * A file can be made: under this name it leaves.
 * @property {string} name
 */

/**
 * @typedef {object} Extra
 * An optional part of the program.
 * @property {boolean} installed
 * @property {string} install_command
 */

/**
 * @typedef {object} Extras
 * Every optional part, by name.
 * @property {Record<string, Extra>} extras
 */

/**
 * @typedef {object} FactsOfPicture
 * What is known of a picture in a conversation; empty is unknown.
 * @property {string} sha
 * @property {string} mime
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {string} message
 * @property {string} prompt
 * @property {string} model_words
 * @property {string} model
 * @property {Record<string, string>} settings
 * @property {string} operation
 * @property {(string)[]} parents
 * @property {string} new_area
 * @property {string} cost
 * @property {string} made_at
 * @property {string} watermark
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
 * @typedef {object} FavouriteModel
 * A model that becomes a favourite, or no more.
 * @property {string} model
 * @property {boolean} favourite
 */

/**
 * @typedef {object} Favourites
 * Pictures that become favourites, or no more.
 * @property {(string)[]} pictures
 * @property {boolean} favourite
 */

/**
 * @typedef {object} FieldShown
 * One thing to fill in.
 * @property {string} name
 * @property {"title" | "address" | "key" | "option" | "names"} use
 * @property {string} label
 * @property {string} about
 * @property {boolean} required
 * @property {boolean} rare
 * @property {string} example
 * @property {string} value
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
 * @typedef {object} HistoryShare
 * What of the conversation above goes along with a draft.
 * @property {string} words
 * @property {number} messages
 * @property {number} of_messages
 * @property {number} pictures
 * @property {number} of_pictures
 * @property {(NumberedPicture)[]} dropped
 */

/**
 * @typedef {object} Imported
 * What came of a file, and what was left out of it, in words.
 * @property {(ImportedConversation)[]} conversations
 * @property {string} sentence
 */

/**
 * @typedef {object} ImportedConversation
 * A conversation that came in a file.
 * @property {string} id
 * @property {string} title
 */

/**
 * @typedef {object} Insertion
 * What goes into the message box: words, and pictures that are kept by now.
 * @property {string} text
 * @property {(string)[]} pictures
 */

/**
 * @typedef {object} InsertionWanted
 * What a server has ready, with its blanks filled in.
 * @property {"prompt" | "resource" | "template"} kind
 * @property {string} name
 * @property {Record<string, string>} [blanks]
 */

/**
 * @typedef {object} LibraryCounted
 * How many pictures there are of what is asked for.
 * @property {number} pictures
 * @property {(LibraryMonth)[]} months
 */

/**
 * @typedef {object} LibraryEntries
 * Some pictures of the library.
 * @property {(LibraryEntry)[]} pictures
 * @property {string} after
 */

/**
 * @typedef {object} LibraryEntry
 * A picture of the library, where it came first.
 * @property {string} sha
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {string} mime
 * @property {"upload" | "model" | "tool"} origin
 * @property {string} alt
 * @property {string} prompt
 * @property {string} model
 * @property {string} model_title
 * @property {string} at
 * @property {string} conversation
 * @property {string} message
 * @property {string} title
 * @property {boolean} deleted
 * @property {boolean} favourite
 */

/**
 * @typedef {object} LibraryModels
 * The models that drew pictures of the library.
 * @property {(ModelName)[]} models
 */

/**
 * @typedef {object} LibraryMonth
 * A month in which pictures were made.
 * @property {string} month
 * @property {number} pictures
 */

/**
 * @typedef {object} Mark
 * Whether something holds.
 * @property {boolean} on
 */

/**
 * @typedef {object} Marked
 * Whether it holds now.
 * @property {boolean} on
 */

/**
 * @typedef {object} ModelFacts
 * What the message box must know of the model that answers next.
 * @property {string} id
 * @property {string} title
 * @property {boolean} history
 * @property {boolean} takes_pictures
 * @property {boolean} draws
 * @property {boolean} mask
 * @property {number} most_pictures
 * @property {number} most_bytes
 * @property {string} dictation
 */

/**
 * @typedef {object} ModelGroup
 * An endpoint in the menu, with its models.
 * @property {string} id
 * @property {string} title
 * @property {string} reason
 * @property {boolean} offline
 * @property {(ModelRow)[]} models
 * @property {string} trouble
 */

/**
 * @typedef {object} ModelMenu
 * Every endpoint with its models.
 * @property {string} default
 * @property {(ModelGroup)[]} groups
 * @property {boolean} more_to_come
 * @property {boolean} sets_up
 * @property {(string)[]} favourites
 * @property {(string)[]} recent
 */

/**
 * @typedef {object} ModelMissing
 * What to say of a model that is not in the menu, and who may take its place.
 * @property {string} title
 * @property {string} notice
 * @property {string} successor
 */

/**
 * @typedef {object} ModelName
 * A model that drew pictures of the library.
 * @property {string} id
 * @property {string} title
 */

/**
 * @typedef {object} ModelOffered
 * A model of a provider.
 * @property {string} id
 * @property {string} name
 * @property {string} title
 * @property {(string)[]} badges
 * @property {boolean} known
 * @property {boolean} listed
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
 * @typedef {object} ModelsChanged
 * There are other models now: the menu is to be asked for again.
 * @property {"models"} type
 */

/**
 * @typedef {object} NearLimit
 * A limit on what its owner may spend that is near, or reached.
 * @property {string} words
 * @property {boolean} reached
 */

/**
 * @typedef {object} NewBoard
 * A board to make.
 * @property {string} name
 * @property {(string)[]} [pictures]
 */

/**
 * @typedef {object} NewShare
 * Something that others shall be able to look at.
 * @property {"conversation" | "board"} kind
 * @property {string} subject
 * @property {string | ""} [leaf]
 * @property {boolean} [link]
 * @property {boolean} [everybody]
 * @property {(string)[]} [names]
 * @property {(string)[]} [groups]
 * @property {number | null} [days]
 */

/**
 * @typedef {object} NotUnderstood
 * The page said what this server does not know; the reason is for its developer.
 * @property {"not-understood"} type
 * @property {string} reason
 */

/**
 * @typedef {object} NumberedFile
 * A file of the conversation by its number.
 * @property {string} sha
 * @property {number} handle
 * @property {string} name
 * @property {string} kind
 * @property {number} bytes
 */

/**
 * @typedef {object} NumberedPicture
 * A picture of the conversation by its number.
 * @property {string} sha
 * @property {number} handle
 * @property {string} alt
 * @property {boolean} goes
 */

/**
 * @typedef {object} Offered
 * Words or pictures that a server has ready.
 * @property {"prompt" | "resource" | "template"} kind
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string} mime
 * @property {(BlankOffered)[]} blanks
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
 * @typedef {object} OpenQuestions
 * All that the tools of a growing reply ask at the moment.
 * @property {"questions"} type
 * @property {string} reply
 * @property {(DrawnQuestion)[]} questions
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
 * @property {VariantGrid | null} variants
 * @property {"patch"} type
 * @property {number} keep
 * @property {(DrawnMessage)[]} redrawn
 * @property {(DrawnMessage)[]} added
 */

/**
 * @typedef {object} PictureAddress
 * Where in the web a picture is that the user wants to add.
 * @property {string} address
 */

/**
 * @typedef {object} PictureName
 * What a picture is to be called; empty: nothing any more.
 * @property {string} name
 */

/**
 * @typedef {object} PictureNamed
 * The name as it is kept.
 * @property {string} name
 */

/**
 * @typedef {object} PictureUses
 * What still uses some pictures.
 * @property {(UsesOfPicture)[]} pictures
 */

/**
 * @typedef {object} PictureVersion
 * A picture of a conversation, where it came first. Places are counted from 0.
 * @property {string} sha
 * @property {string} mime
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {(number)[]} parents
 * @property {string} message
 * @property {number} prompt
 * @property {number} model
 * @property {string} operation
 * @property {Record<string, string>} settings
 * @property {string} cost
 * @property {string} made_at
 * @property {string} name
 * @property {boolean} favourite
 * @property {boolean} base
 * @property {boolean} shown
 * @property {boolean} on_branch
 */

/**
 * @typedef {object} PicturesOfLibrary
 * Pictures that something is done to.
 * @property {(string)[]} pictures
 */

/**
 * @typedef {object} Ping
 * Say anything: is the connection alive?
 * @property {"ping"} type
 */

/**
 * @typedef {object} Pinned
 * Since when it is pinned, as a row says it.
 * @property {string} pinned
 */

/**
 * @typedef {object} Pinning
 * Whether it stands on top of the list.
 * @property {boolean} on
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
 * @property {(Hello | Beat | TranscriptWindow | Patch | OlderMessages | Blank | StreamBegins | Frame | OpenQuestions | ReplyEnded | ConversationMissing | ConversationGone | RowChanged | ToolsChanged | ModelsChanged | Fault | Restarting | NotUnderstood)[]} told
 */

/**
 * @typedef {object} PresetKept
 * Words to be kept for use again.
 * @property {string} title
 * @property {string} [group]
 * @property {string} text
 */

/**
 * @typedef {object} PresetPack
 * A file of presets, as one Easel writes it and another reads it.
 * @property {1} easel_presets
 * @property {(PresetKept)[]} presets
 */

/**
 * @typedef {object} PresetShown
 * Words to use again; ``{{subject}}`` in them stands for what is filled in.
 * @property {string} id
 * @property {string} title
 * @property {string} group
 * @property {string} text
 */

/**
 * @typedef {object} PresetsAdded
 * How many presets of a pack were new.
 * @property {number} added
 */

/**
 * @typedef {object} PresetsShown
 * The owner's own presets, by group and title.
 * @property {(PresetShown)[]} presets
 */

/**
 * @typedef {object} Preview
 * Operations whose result is only looked at.
 * @property {(Record<string, any>)[]} operations
 */

/**
 * @typedef {object} PromptDraft
 * Words that could be better.
 * @property {string} text
 */

/**
 * @typedef {object} PromptHelp
 * Whether words can be improved here: by which model, or why not.
 * @property {string} model
 * @property {string} reason
 */

/**
 * @typedef {object} ProvenanceOfPicture
 * What a picture's file says of its origin, and how far that can be believed.
 * @property {"trusted" | "unverified" | "invalid" | "none" | "unchecked"} status
 * @property {string} signer
 * @property {string} generator
 * @property {string} signed_at
 * @property {(string)[]} problems
 * @property {string} source_type
 * @property {string} source_type_from
 * @property {boolean} in_file
 */

/**
 * @typedef {object} ProviderForm
 * A provider that may be set up.
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {string} key_page
 * @property {boolean} lists
 * @property {(FieldShown)[]} fields
 */

/**
 * @typedef {object} ProviderKept
 * A form that is to be kept.
 * @property {string} provider
 * @property {Record<string, string>} [values]
 * @property {string | null} [key]
 * @property {(string)[] | null} [chosen]
 */

/**
 * @typedef {object} ProviderShown
 * A provider that is set up.
 * @property {string} id
 * @property {string} title
 * @property {"ready" | "failing" | "off" | "lacking"} state
 * @property {string} reason
 * @property {string} key
 * @property {"environment" | "kept" | "none"} key_from
 * @property {boolean} removable
 * @property {string} usage
 * @property {(string)[] | null} chosen
 * @property {(ModelOffered)[]} models
 * @property {ProviderForm} form
 * @property {string} asked
 * @property {(string)[]} endpoints
 * @property {string} refused_at
 */

/**
 * @typedef {object} ProviderSwitched
 * Whether a provider is to be used.
 * @property {boolean} on
 */

/**
 * @typedef {object} ProviderTrial
 * A form as it is filled in.
 * @property {string} provider
 * @property {Record<string, string>} [values]
 * @property {string | null} [key]
 */

/**
 * @typedef {object} ProviderTried
 * What came of a trial.
 * @property {boolean} works
 * @property {string} sentence
 * @property {(ModelOffered)[]} models
 * @property {string} address
 */

/**
 * @typedef {object} Providers
 * Everything on the page.
 * @property {string} closed
 * @property {string} place
 * @property {string} trouble
 * @property {(ProviderShown)[]} set_up
 * @property {(ProviderForm)[]} available
 * @property {string} saved
 * @property {string} noted
 */

/**
 * @typedef {object} Question
 * A message to send, or the new words of an edited one.
 * @property {string} text
 * @property {(string)[]} [pictures]
 * @property {(string)[]} [masks]
 * @property {string} client_id
 * @property {string | null} [parent_id]
 * @property {number} [replies]
 * @property {(string)[]} [models]
 * @property {Record<string, any>} [handles]
 * @property {boolean} [fresh]
 * @property {(AlongFile)[]} [files]
 */

/**
 * @typedef {object} QuestionAnswer
 * The answer to what a running tool asks.
 * @property {string} question
 * @property {Record<string, any> | null} values
 */

/**
 * @typedef {object} Ready
 * Whether the server can be given work.
 * @property {"ready" | "not ready"} status
 * @property {(string)[]} reasons
 */

/**
 * @typedef {object} Region
 * A connected area that differs between two pictures, in pixels of the first.
 * @property {string} position
 * @property {number} share
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} Renamed
 * The title as it is kept.
 * @property {string} title
 */

/**
 * @typedef {object} ReplayShown
 * A job that does steps again.
 * @property {string} id
 * @property {string} picture
 * @property {"waiting" | "running" | "done" | "failed" | "stopped" | "interrupted"} state
 * @property {(string)[]} words
 * @property {(ReplayTarget)[]} targets
 */

/**
 * @typedef {object} ReplayTarget
 * One picture to which steps are done again.
 * @property {string} picture
 * @property {"waiting" | "running" | "done" | "failed" | "stopped" | "interrupted"} state
 * @property {number} done
 * @property {string} reply
 * @property {string} sentence
 */

/**
 * @typedef {object} ReplaysShown
 * The jobs of a conversation, oldest first.
 * @property {(ReplayShown)[]} replays
 */

/**
 * @typedef {object} ReplyEnded
 * A growing reply has reached its end.
 * @property {"end"} type
 * @property {string} reply
 * @property {string} stamp
 * @property {"queued" | "streaming" | "waiting" | "complete" | "stopped" | "failed" | "blocked" | "interrupted"} status
 * @property {string} author
 * @property {string} tail
 * @property {string | null} body
 * @property {CarriedPicture | null} carry
 */

/**
 * @typedef {object} Restarting
 * This server finishes what runs, and ends; the page finds the next one by itself.
 * @property {"restarting"} type
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
 * @typedef {object} Selecting
 * Where a subject is, in pixels of the picture as shown: one of the two.
 * @property {(any)[] | null} [point]
 * @property {(any)[] | null} [box]
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
 * @property {ToolsAtTheBox} tools
 * @property {string} no_uploads
 * @property {string} no_sharing
 */

/**
 * @typedef {object} ShareListed
 * Something that is shown to others, or by others.
 * @property {string} id
 * @property {"conversation" | "board"} kind
 * @property {string} subject
 * @property {string} title
 * @property {string} by
 * @property {string} address
 * @property {boolean} link
 * @property {boolean} everybody
 * @property {(string)[]} names
 * @property {(string)[]} groups
 * @property {string} since
 * @property {string} until
 * @property {number} views
 */

/**
 * @typedef {object} ShareLists
 * What somebody shows others, and what others show them.
 * @property {(ShareListed)[]} mine
 * @property {(ShareListed)[]} with_me
 * @property {boolean} people
 * @property {(string)[]} groups
 */

/**
 * @typedef {object} ShowOlder
 * Show the messages above the first one.
 * @property {"older"} type
 */

/**
 * @typedef {object} StepTaken
 * One of the steps that led to a picture.
 * @property {number} number
 * @property {string} words
 * @property {boolean} asks_model
 * @property {boolean} marked
 */

/**
 * @typedef {object} StepWanted
 * A step to be done again.
 * @property {number} number
 * @property {string} [words]
 */

/**
 * @typedef {object} StepsTaken
 * What was done to a picture, from its original on.
 * @property {(StepTaken)[]} steps
 */

/**
 * @typedef {object} StepsWanted
 * Steps that led to a picture, for other pictures or by another model.
 * @property {string} picture
 * @property {(StepWanted)[]} steps
 * @property {(string)[]} targets
 * @property {string} [model]
 */

/**
 * @typedef {object} Stopped
 * Whether the reply was still being written.
 * @property {boolean} stopped
 */

/**
 * @typedef {object} StoredFile
 * A file that is no picture, as it is kept.
 * @property {string} sha
 * @property {string} name
 * @property {string} kind
 * @property {number} bytes
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
 * @typedef {object} ToolGroup
 * The tools that come from one place.
 * @property {string} title
 * @property {"" | "off" | "connecting" | "ready" | "failed"} state
 * @property {string} words
 * @property {(ToolShown)[]} tools
 */

/**
 * @typedef {object} ToolServer
 * A server of tools, which the host has set up.
 * @property {string} id
 * @property {string} title
 * @property {"off" | "connecting" | "ready" | "failed"} state
 * @property {string} words
 * @property {number} tools
 * @property {(Offered)[]} offered
 * @property {boolean} completes
 */

/**
 * @typedef {object} ToolServers
 * All of them, in the order of the host's file.
 * @property {(ToolServer)[]} servers
 */

/**
 * @typedef {object} ToolShown
 * One tool, as people are told of it.
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string} reach
 * @property {"allow" | "ask" | "deny"} usual
 * @property {"allow" | "ask" | "deny"} policy
 * @property {boolean} always_asks
 * @property {boolean} changed
 * @property {string} digest
 */

/**
 * @typedef {object} ToolsAtTheBox
 * What the switch for tools says.
 * @property {number} usable
 * @property {string} reason
 * @property {string} note
 */

/**
 * @typedef {object} ToolsChanged
 * There are other tools now: what the switch at the message box says of them.
 * @property {"tools"} type
 * @property {string | null} conversation
 * @property {ToolsAtTheBox} tools
 */

/**
 * @typedef {object} ToolsOfConversation
 * All tools there are now, with what holds for them in a conversation.
 * @property {boolean} on
 * @property {string} note
 * @property {string} reason
 * @property {boolean} decided_elsewhere
 * @property {(ToolGroup)[]} groups
 * @property {(AbsentTool)[]} absent
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
 * @property {VariantGrid | null} variants
 * @property {"window"} type
 * @property {string} title
 * @property {string} model
 * @property {(DrawnMessage)[]} added
 */

/**
 * @typedef {object} TrayFile
 * What a file is to the model that would be asked.
 * @property {string} sha
 * @property {number | null} handle
 * @property {number} tokens
 * @property {string} words
 * @property {boolean} by_tool
 */

/**
 * @typedef {object} TrayPicture
 * What a picture is to the model that would be asked.
 * @property {string} sha
 * @property {number | null} handle
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {number} tokens
 * @property {boolean} smaller
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
 * @typedef {object} UsedInConversation
 * A conversation that shows a picture.
 * @property {string} id
 * @property {string} title
 * @property {number} messages
 */

/**
 * @typedef {object} UsesOfPicture
 * What still uses a picture.
 * @property {string} sha
 * @property {(UsedInConversation)[]} conversations
 * @property {(string)[]} boards
 */

/**
 * @typedef {object} UsualToolsOf
 * The conversation whose tools new ones shall begin with.
 * @property {string} conversation
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
 * @typedef {object} VariantChoice
 * What to do with one of several replies.
 * @property {"pick" | "discard" | "keep" | "reopen"} act
 */

/**
 * @typedef {object} VariantGrid
 * Replies that were asked for at once; the last reply on the screen is one of them.
 * @property {boolean} open
 * @property {number} total
 * @property {(DrawnMessage)[]} tiles
 */

/**
 * @typedef {object} VariantShown
 * The reply that the page goes on from now.
 * @property {string} reply
 */

/**
 * @typedef {object} VersionsOfConversation
 * Every picture of a conversation once, parents before children.
 * @property {string} conversation
 * @property {number} current
 * @property {(string)[]} prompts
 * @property {(string)[]} models
 * @property {(PictureVersion)[]} versions
 */

/**
 * @typedef {Hello | Beat | TranscriptWindow | Patch | OlderMessages | Blank | StreamBegins | Frame | OpenQuestions | ReplyEnded | ConversationMissing | ConversationGone | RowChanged | ToolsChanged | ModelsChanged | Fault | Restarting | NotUnderstood} Told
 * Whatever a server tells.
 */

/**
 * @typedef {SayHello | OpenConversation | FollowMessage | ShowOlder | CloseConversation | Ping} Asked
 * Whatever a page may say.
 */

/** The types of all that a server tells. */
export const TOLD = ["hello", "beat", "window", "patch", "older", "blank", "stream", "frame", "questions", "end", "missing", "gone", "row", "tools", "models", "error", "restarting", "not-understood"];

/** How a message may stand. */
export const STATUSES = ["queued", "streaming", "waiting", "complete", "stopped", "failed", "blocked", "interrupted"];
