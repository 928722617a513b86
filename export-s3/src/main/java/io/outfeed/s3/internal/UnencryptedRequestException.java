package io.outfeed.s3.internal;

import java.io.IOException;
import java.io.Serial;

/** A request would have been sent without encryption, to an address that the delivery does not have. */
final class UnencryptedRequestException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnencryptedRequestException() {
        super("a request without encryption was not sent");
    }
}
