package io.outfeed.console.internal.web;

import org.jspecify.annotations.Nullable;

/** A request that no page of the console makes. Its message has no value of the request. */
public final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
