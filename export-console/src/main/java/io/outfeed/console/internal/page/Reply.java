package io.outfeed.console.internal.page;

import java.util.Optional;

/**
 * What a form is answered by: a page, or a link to one that a browser may load anew without sending the form again.
 *
 * @param status the status of the page; 303 for a link
 * @param page the page; empty for a link
 * @param link the link, relative to the console; empty for a page
 */
public record Reply(int status, Optional<Page> page, String link) {

    private static final int OK = 200;

    private static final int SEE_OTHER = 303;

    private static final int CONFLICT = 409;

    /** A page with what was asked for. */
    public static Reply shown(Page page) {
        return new Reply(OK, Optional.of(page), "");
    }

    /** A page that says why nothing was done. */
    public static Reply refused(Page page) {
        return new Reply(CONFLICT, Optional.of(page), "");
    }

    /** The page that shows what was done. */
    public static Reply done(String operation, String link) {
        return new Reply(SEE_OTHER, Optional.empty(), link + (link.contains("?") ? "&" : "?") + "done=" + operation);
    }
}
