/** What `.help` says of the commands that choose what is seen of traffic: they share a row of its page. */
export const TRAFFIC_ABOUT = "choose what is shown of what is said, and how";
