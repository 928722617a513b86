package io.outfeed.http.internal.upload;

import io.outfeed.error.DeliveryException;
import java.util.Map;

/** Proves at the beginning of a session that the server is there, and takes the login. */
final class Reach {

    private Reach() {}

    /**
     * Asks for the address itself. An answer that it is not to be read, or not there, is one of the server, and fine.
     *
     * @throws DeliveryException if the server can't be reached, refuses the login or is unavailable
     */
    static void prove(HttpCalls calls, UploadSettings settings, UploadFailures failures) {
        String doing = "can't reach " + settings.target();
        int status = calls.send("HEAD", settings.target().address(), Map.of(), doing, failures.at())
                .statusCode();
        if (status == 401 || status == 407) {
            throw failures.answered(doing, status, UploadAnswer.REFUSED, failures.at());
        } else if (status == 429 || status == 503) {
            throw failures.answered(doing, status, UploadAnswer.LATER, failures.at());
        }
    }
}
