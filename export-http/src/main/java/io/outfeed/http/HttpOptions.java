package io.outfeed.http;

import static java.util.Objects.requireNonNull;

import io.outfeed.http.internal.upload.SecretHeader;
import io.outfeed.http.internal.upload.UploadAnswer;
import io.outfeed.http.internal.upload.UploadForm;
import io.outfeed.http.internal.upload.UploadSettings;
import io.outfeed.http.internal.upload.UploadTarget;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a delivery with their defaults. The builder sets them; {@link HttpDelivery.Builder} documents them.
 */
final class HttpOptions {

    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");
    private static final Pattern FIELD_NAME = Pattern.compile("[\\x20-\\x7e&&[^\"\\\\]]{1,100}");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x21-\\x7e]+/[\\x20-\\x7e]+");

    /** Headers that the client, or the delivery, sets itself. */
    private static final Set<String> TAKEN_HEADERS = Set.of(
            "connection",
            "content-length",
            "content-type",
            "content-digest",
            "content-disposition",
            "date",
            "expect",
            "host",
            "if-match",
            "if-none-match",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    final String id;
    final URI address;

    /** Whether files are put into a folder; else they are posted to one address. */
    final boolean folder;

    final @Nullable String fileField;

    boolean withoutEncryption;

    @Nullable
    SSLContext sslContext;

    /** Names compare without case, as those of headers do. */
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    final List<SecretHeader> secretHeaders = new ArrayList<>();

    /** Names the account for {@link HttpDelivery#login}. */
    String account = "";

    final Map<String, String> formFields = new LinkedHashMap<>();

    @Nullable
    String contentType;

    String keyHeader = "Idempotency-Key";
    boolean keyHonoured;
    boolean conditionalWrites;
    boolean webDav;
    boolean deletes = true;
    final Map<Integer, HttpAnswer> answers = new LinkedHashMap<>();
    Duration connectTimeout = Duration.ofSeconds(10);
    Duration answerTimeout = Duration.ofSeconds(60);
    Duration requestTimeout = Duration.ofHours(1);

    HttpOptions(String id, URI address, boolean folder, @Nullable String fileField) {
        this.id = id;
        this.address = address;
        this.folder = folder;
        this.fileField = fileField;
    }

    /** Returns every problem of the options; empty if the delivery can be built. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!SAFE_ID.matcher(id).matches() || id.contains("..") || id.endsWith(".")) {
            problems.add("the id is no safe name: at most 120 letters A-Z and a-z, digits, '.', '_' and '-', not "
                    + "beginning with '.' or '-'");
        }
        problems.addAll(UploadTarget.problems(address, folder, withoutEncryption));
        headers.forEach((name, value) -> headerProblem(name, value, problems));
        secretHeaders.forEach(header -> headerProblem(header.name(), "", problems));
        loginProblems(problems);
        headerProblem(keyHeader, "", problems);
        bodyProblems(problems);
        answers.keySet().stream()
                .filter(status -> status < 200 || status > 599)
                .forEach(status -> problems.add("answer " + status + " is no status from 200 to 599"));
        checkTimeout("connectTimeout", connectTimeout, problems);
        checkTimeout("answerTimeout", answerTimeout, problems);
        checkTimeout("requestTimeout", requestTimeout, problems);
        return problems;
    }

    /** Without the value, which may be a secret that was set at the wrong place. */
    private static void headerProblem(String name, String value, List<String> problems) {
        if (!TOKEN.matcher(name).matches()) {
            problems.add("'" + name + "' is no name of a header");
        } else if (TAKEN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            problems.add("header " + name + " can't be set: the delivery sets it");
        } else if (!HEADER_VALUE.matcher(value).matches()) {
            problems.add("the value of header " + name + " has characters that are not ASCII, or control characters");
        }
    }

    private void loginProblems(List<String> problems) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(headers.keySet());
        names.add(keyHeader);
        secretHeaders.stream()
                .map(SecretHeader::name)
                .filter(name -> !names.add(name))
                .forEach(name -> problems.add("header " + name + " is set twice: choose one"));
        if (headers.containsKey("Authorization")) {
            problems.add("Authorization is no header for header(): set bearer, basicLogin or secretHeader, which keep"
                    + " the secret out of messages");
        }
        if (headers.containsKey(keyHeader)) {
            problems.add("header " + keyHeader + " can't be set: it has the key of the request");
        }
        if (account.indexOf(':') >= 0) {
            problems.add("the user of basicLogin has a ':', which the server would take for the end of it");
        }
    }

    private void bodyProblems(List<String> problems) {
        if (contentType != null && !CONTENT_TYPE.matcher(contentType).matches()) {
            problems.add("contentType '" + contentType + "' is not like text/csv");
        }
        if (fileField != null && !FIELD_NAME.matcher(fileField).matches()) {
            problems.add("'" + fileField + "' is no name of a form's field: it has ASCII characters without '\"' and"
                    + " '\\'");
        }
        formFields.keySet().stream()
                .filter(name -> !FIELD_NAME.matcher(name).matches() || name.equals(fileField))
                .forEach(name -> problems.add("'" + name + "' is no name of another field of the form than the file's:"
                        + " it has ASCII characters without '\"' and '\\'"));
        if (!formFields.isEmpty() && fileField == null) {
            problems.add("formField is for forms: use HttpDelivery.postForm");
        }
        if (folder && keyHonoured) {
            problems.add("idempotent is for POST: what became of a PUT is read back");
        }
        if (!folder && (conditionalWrites || webDav || !deletes)) {
            problems.add("conditionalWrites, webDav and withoutDelete are for PUT: an address that takes posts has no"
                    + " names of files");
        }
    }

    private static void checkTimeout(String name, Duration value, List<String> problems) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            problems.add(name + " " + value + " is not between 1 millisecond and 1 day");
        }
    }

    /** Returns an immutable copy; requires that there is no problem. */
    UploadSettings settings() {
        Map<Integer, UploadAnswer> meanings = new LinkedHashMap<>();
        answers.forEach((status, answer) -> meanings.put(status, UploadAnswer.valueOf(answer.name())));
        return new UploadSettings(
                id,
                new UploadTarget(address),
                folder,
                Collections.unmodifiableMap(new LinkedHashMap<>(headers)),
                List.copyOf(secretHeaders),
                fileField == null
                        ? null
                        : new UploadForm(
                                requireNonNull(fileField),
                                Collections.unmodifiableMap(new LinkedHashMap<>(formFields))),
                contentType,
                keyHeader,
                keyHonoured,
                conditionalWrites,
                webDav,
                deletes,
                Map.copyOf(meanings),
                sslContext,
                connectTimeout,
                answerTimeout,
                requestTimeout);
    }
}
