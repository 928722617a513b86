package io.outfeed.http;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.http.internal.upload.PostSession;
import io.outfeed.http.internal.upload.PutSession;
import io.outfeed.http.internal.upload.SecretHeader;
import io.outfeed.http.internal.upload.UploadSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Delivery by requests of HTTPS: each file is {@linkplain #put put} into a folder, or {@linkplain #post posted} to an
 * address, alone or {@linkplain #postForm in a form}.
 *
 * <pre>{@code
 * HttpDelivery.put("lakeside", URI.create("https://files.lakeside.example/exports/"))
 *     .basicLogin("outfeed", vault::password)
 *     .webDav()
 *     .build();
 *
 * HttpDelivery.post("lakeside", URI.create("https://api.lakeside.example/v1/imports"))
 *     .bearer(tokens::current)
 *     .idempotent()
 *     .build();
 * }</pre>
 *
 * <p>Each request has the SHA-256 of its body in {@code Content-Digest}, as RFC 9530 has it, and a key in {@code
 * Idempotency-Key} that is the same for each request which sends one file of one run by one delivery.
 *
 * <p><b>PUT.</b> A location is the address of the file. Before a name is used, it is looked at by {@code HEAD}; after
 * an answer that got lost, the file is read back by {@code GET}: if it is this one, nothing is sent; if it is a part of
 * it, it is overwritten; if it is another one, the name is taken. Where the receiver does not let it be read, the file
 * is sent again under the same name.
 *
 * <p><b>POST.</b> A second request may be a second file. After an answer that got lost, {@link
 * io.outfeed.delivery.IfVanished} decides, unless the receiver is {@linkplain Builder#idempotent idempotent}: then the
 * request is sent again with the same key.
 *
 * <p>Redirects are not followed. A proxy is that of the JVM's system properties. Immutable, and thread-safe if its
 * suppliers are. Nothing is connected before {@link #open}. Messages, the ledger and {@code toString} have the address
 * without its query.
 */
public final class HttpDelivery implements Delivery {

    private final UploadSettings settings;
    private final boolean encrypted;
    private final String account;

    private HttpDelivery(HttpOptions options) {
        this.settings = options.settings();
        this.encrypted = !options.withoutEncryption;
        this.account = options.account;
    }

    /**
     * Starts a delivery that puts files into a folder.
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param folder an address with {@code https}, without a query; a slash is added at its end
     * @return a builder with the defaults
     */
    public static Builder put(String id, URI folder) {
        return new Builder(id, folder, true, null);
    }

    /**
     * Starts a delivery that posts files, each as the body of a request, with its name in {@code Content-Disposition}.
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param address an address with {@code https}
     * @return a builder with the defaults
     */
    public static Builder post(String id, URI address) {
        return new Builder(id, address, false, null);
    }

    /**
     * Starts a delivery that posts files, each as a field of a form ({@code multipart/form-data}).
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param address an address with {@code https}
     * @param fileField the name of the field, such as {@code file}
     * @return a builder with the defaults
     */
    public static Builder postForm(String id, URI address, String fileField) {
        return new Builder(id, address, false, requireNonNull(fileField, "fileField"));
    }

    @Override
    public String id() {
        return settings.id();
    }

    /**
     * Protected: requests are encrypted, the server's certificate is verified, and the receiver decides who reads.
     * Plain {@linkplain Builder#withoutEncryption without encryption}.
     */
    @Override
    public Protection protection() {
        return encrypted ? Protection.PROTECTED : Protection.PLAIN;
    }

    /** The host, and its port if the address has one. */
    @Override
    public String server() {
        return settings.target().server();
    }

    /** The user of the login, if there is one, and the host. */
    @Override
    public String login() {
        return account.isEmpty() ? settings.id() + "@" + server() : account + "@" + server();
    }

    /** The address, its query by a digest, and how files are sent. */
    @Override
    public String fingerprint() {
        return settings.id() + "\n" + settings.target().fingerprint() + "\n"
                + (settings.folder() ? "PUT" : settings.form() == null ? "POST" : "FORM");
    }

    /** For PUT with encryption the address of the file, which may ask for a login; else none. */
    @Override
    public Optional<URI> link(String location) {
        return settings.folder() && encrypted ? settings.target().below(location) : Optional.empty();
    }

    /** For POST the one receiver; none for PUT. */
    @Override
    public Set<String> recipients() {
        return settings.folder() ? Set.of() : Set.of(PostSession.RECIPIENT);
    }

    /**
     * Asks for the address by {@code HEAD}, which proves that the server is there and takes the login, if it demands
     * one for that. Closing the session ends its requests; on JDK 17 to 20 an idle connection and its thread stay for
     * some seconds.
     *
     * @return the session
     * @throws io.outfeed.error.DeliveryException a retryable one if the server can't be reached or does not answer; a
     *     permanent one if it refuses the login
     */
    @Override
    public DeliverySession open() {
        return settings.folder() ? PutSession.open(settings) : PostSession.open(settings);
    }

    /** The destination, without any secret. */
    @Override
    public String toString() {
        return "HTTP delivery '" + settings.id() + "' to " + settings.target();
    }

    /** Collects the options of a delivery by HTTP. Not thread-safe. */
    public static final class Builder {

        private final HttpOptions options;

        private Builder(String id, URI address, boolean folder, @Nullable String fileField) {
            this.options =
                    new HttpOptions(requireNonNull(id, "id"), requireNonNull(address, "address"), folder, fileField);
        }

        /**
         * Sends files without encryption, to an address with {@code http}: the network between can read them, and can
         * pretend to be the receiver. The delivery is {@link Protection#PLAIN} then. For tests, and servers on the same
         * machine.
         *
         * @return this builder
         */
        public Builder withoutEncryption() {
            options.withoutEncryption = true;
            return this;
        }

        /**
         * Logs in with a token, in {@code Authorization: Bearer}. Default: no login.
         *
         * @param token is called at each request, by the thread that delivers, so that the token may change; the client
         *     keeps the result as a text in memory
         * @return this builder
         */
        public Builder bearer(Supplier<char[]> token) {
            options.secretHeaders.add(SecretHeader.bearer(requireNonNull(token, "token")));
            return this;
        }

        /**
         * Logs in with a user and a password, in {@code Authorization: Basic}, with the first request already.
         *
         * @param user without {@code :}
         * @param password is called at each request, as the supplier of {@link #bearer}
         * @return this builder
         */
        public Builder basicLogin(String user, Supplier<char[]> password) {
            options.secretHeaders.add(
                    SecretHeader.basic(requireNonNull(user, "user"), requireNonNull(password, "password")));
            options.account = user;
            return this;
        }

        /**
         * Adds a header whose value is a secret, such as {@code X-Api-Key}.
         *
         * @param name the name of the header
         * @param value is called at each request, as the supplier of {@link #bearer}
         * @return this builder
         */
        public Builder secretHeader(String name, Supplier<char[]> value) {
            options.secretHeaders.add(SecretHeader.of(requireNonNull(name, "name"), requireNonNull(value, "value")));
            return this;
        }

        /**
         * Adds a header to all requests. Secrets are for {@link #secretHeader}.
         *
         * @param name none of those that the delivery sets; a second value of that name replaces the first
         * @param value printable ASCII characters
         * @return this builder
         */
        public Builder header(String name, String value) {
            options.headers.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the authorities that are trusted, and the certificates by which this client proves its identity.
         * Default: those of the JDK.
         *
         * @param sslContext replaces the one set before
         * @return this builder
         */
        public Builder sslContext(SSLContext sslContext) {
            options.sslContext = requireNonNull(sslContext, "sslContext");
            return this;
        }

        /**
         * Adds a field to each form, before the file. Only for {@link HttpDelivery#postForm}.
         *
         * @param name ASCII characters without {@code "} and <code>\</code>; a second value of that name replaces the
         *     first
         * @param value a text, sent in UTF-8
         * @return this builder
         */
        public Builder formField(String name, String value) {
            options.formFields.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the content type of all files. Default: by the ending of each file's name, such as {@code text/csv}.
         *
         * @param contentType such as {@code text/csv; charset=utf-8}; replaces the one set before
         * @return this builder
         */
        public Builder contentType(String contentType) {
            options.contentType = requireNonNull(contentType, "contentType");
            return this;
        }

        /**
         * Sets the name of the header that has the key of each request. Default: {@code Idempotency-Key}.
         *
         * @param name the name of the header; replaces the one set before
         * @return this builder
         */
        public Builder idempotencyKeyHeader(String name) {
            options.keyHeader = requireNonNull(name, "name");
            return this;
        }

        /**
         * Declares that the receiver carries out the requests of one key once, for as long as a run is tried: after an
         * answer that got lost the file is sent again with the same key, and no receipt says that it was repeated. Only
         * for POST. Default: it does not, and no file is sent again that may have arrived. A receiver that does not
         * keep what is declared here gets files twice.
         *
         * @return this builder
         */
        public Builder idempotent() {
            options.keyHonoured = true;
            return this;
        }

        /**
         * Declares that the receiver takes {@code If-None-Match: *} and {@code If-Match}, by which a file that appears
         * in the same moment is not overwritten; a check of the destination proves it. Only for PUT. Default: names are
         * looked at only before they are used.
         *
         * @return this builder
         */
        public Builder conditionalWrites() {
            options.conditionalWrites = true;
            return this;
        }

        /**
         * Makes the folders of files that have one, by {@code MKCOL}. Only for PUT. Default: the receiver makes folders
         * by itself, or they are there.
         *
         * @return this builder
         */
        public Builder webDav() {
            options.webDav = true;
            return this;
        }

        /**
         * Declares that the receiver takes no {@code DELETE}: retention deletes nothing there, and a check of the
         * destination writes nothing, since it could not remove it. Only for PUT. Default: it takes it.
         *
         * @return this builder
         */
        public Builder withoutDelete() {
            options.deletes = false;
            return this;
        }

        /**
         * Sets what the status of an answer to an upload means. Default: 200 to 299 {@link HttpAnswer#TAKEN}; 412 after
         * a condition {@link HttpAnswer#OCCUPIED}; 408, 425, 429 and 503 {@link HttpAnswer#LATER}, and 409 too if the
         * receiver is {@link #idempotent}; 501, 505, 507 and 511 {@link HttpAnswer#REFUSED}; other statuses from 500 on
         * {@link HttpAnswer#UNKNOWN}; all others {@link HttpAnswer#REFUSED}.
         *
         * @param status 200 to 599; a second meaning of that status replaces the first
         * @param answer what it means
         * @return this builder
         */
        public Builder answer(int status, HttpAnswer answer) {
            options.answers.put(status, requireNonNull(answer, "answer"));
            return this;
        }

        /**
         * Sets how long connecting to the server may take. Default: 10 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            options.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long nothing may be sent or received during a request. Default: 60 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder answerTimeout(Duration timeout) {
            options.answerTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long one request may take in all, whatever progress it makes. Default: one hour.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder requestTimeout(Duration timeout) {
            options.requestTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Builds the delivery. Nothing is connected or read yet.
         *
         * @return the delivery, with a copy of the options
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public HttpDelivery build() {
            List<String> problems = options.problems();
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("HTTP delivery '" + options.id + "'", problems);
            }
            return new HttpDelivery(options);
        }
    }
}
