package io.outfeed.http.internal.upload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a delivery by HTTP. Immutable.
 *
 * @param id the id of the delivery
 * @param target where the files go
 * @param folder whether files are put into a folder; else they are posted to one address
 * @param headers names and values that each request has
 * @param secretHeaders headers that the host supplies
 * @param form the fields of a form; null for requests whose body is the file
 * @param contentType of each file; null for that of its name's ending
 * @param keyHeader the name of the header that has the key of a request
 * @param keyHonoured whether the receiver carries out the requests of a key once
 * @param conditional whether the receiver takes conditions for the files of a folder
 * @param webDav whether folders are made by MKCOL
 * @param deletes whether the receiver takes DELETE
 * @param answers what statuses mean, where the host says it
 * @param sslContext trusted authorities and certificates of the client; null for those of the JDK
 * @param connectTimeout for connecting
 * @param answerTimeout how long nothing may be sent or received
 * @param requestTimeout for a request as a whole
 */
public record UploadSettings(
        String id,
        UploadTarget target,
        boolean folder,
        Map<String, String> headers,
        List<SecretHeader> secretHeaders,
        @Nullable UploadForm form,
        @Nullable String contentType,
        String keyHeader,
        boolean keyHonoured,
        boolean conditional,
        boolean webDav,
        boolean deletes,
        Map<Integer, UploadAnswer> answers,
        @Nullable SSLContext sslContext,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration requestTimeout) {

    /** What the status of an answer to an upload means. */
    UploadAnswer answer(int status, boolean withCondition) {
        UploadAnswer said = answers.get(status);
        return said == null ? UploadAnswer.of(status, withCondition, keyHonoured) : said;
    }
}
