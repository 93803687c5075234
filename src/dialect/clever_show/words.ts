/**
 * The words of the wire.
 *
 * @module
 */

/** What a message is. */
export const MessageType = Object.freeze({ MESSAGE: "message", REQUEST: "request", RESPONSE: "response" });

/** The name under which files travel, as an action and as a request. */
export const FILE = "filetransfer";
