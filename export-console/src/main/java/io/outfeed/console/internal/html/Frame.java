package io.outfeed.console.internal.html;

import org.jspecify.annotations.Nullable;

/**
 * What every page shows around its content.
 *
 * @param console the title of the console
 * @param title the title of the page
 * @param section the part of the navigation that it belongs to
 * @param person the name of the person; empty if there is none
 * @param token the token of forms
 * @param times times for people
 * @param state identifies what the page shows: it is loaded anew when the console says another one; null if it is not
 * @param poll where the console says so; empty if the page is not loaded anew
 * @param message what an operation has come to; empty if the page is not about one
 * @param auditOfAll whether the person may see the whole audit
 */
public record Frame(
        String console,
        String title,
        String section,
        String person,
        String token,
        Times times,
        @Nullable String state,
        String poll,
        String message,
        boolean auditOfAll) {}
