package io.outfeed.ftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileNames;
import io.outfeed.ftp.internal.path.RemotePaths;
import io.outfeed.ftp.internal.tls.ClientCertificate;
import io.outfeed.ftp.internal.tls.TrustPolicy;
import io.outfeed.ftp.internal.transfer.FtpSessions;
import io.outfeed.ftp.internal.transfer.TransferSettings;
import io.outfeed.internal.connection.FileLink;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Delivery to a directory of an FTPS server: FTP over TLS.
 *
 * <pre>{@code
 * FtpsDelivery.builder("lakeside", "ftp.lakeside.example")
 *     .user("outfeed")
 *     .password(() -> vault.secret("lakeside"))
 *     .directory("/exports")
 *     .build();
 * }</pre>
 *
 * <p>A file is uploaded as it is, in binary, under a hidden temporary name in the folder of its final one, and then
 * renamed. The end of the upload is confirmed; the size is compared, and the SHA-256 where the server computes it. Most
 * servers replace a file that has the final name, in one step, and none can be told not to: the name is looked at
 * before. The next attempt resumes an upload whose connection broke, where the server lets it.
 *
 * <p>The control connection and each data connection are encrypted, or nothing is sent. The server must prove its
 * identity by a certificate; there is no option to accept any. Data connections resume the TLS session of the control
 * connection, as many servers demand. {@link #unencrypted} is FTP without any of that.
 *
 * <p>Immutable and thread-safe. Nothing is connected before {@link #open}.
 */
public final class FtpsDelivery implements Delivery {

    private final Encryption encryption;
    private final String kind;
    private final TransferSettings settings;
    private final FtpSessions sessions;

    private FtpsDelivery(Encryption encryption, String kind, TransferSettings settings) {
        this.encryption = encryption;
        this.kind = kind;
        this.settings = settings;
        this.sessions = new FtpSessions(settings);
    }

    /**
     * Starts a delivery by explicit TLS: the connection begins at the port of FTP, 21, and is encrypted before the
     * login.
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param host the server's name or address; its certificate must be for it
     * @return a builder with the defaults
     */
    public static Builder builder(String id, String host) {
        return new Builder(id, host, Encryption.EXPLICIT_TLS);
    }

    /**
     * Starts a delivery by implicit TLS: the connection is encrypted from its first byte, at port 990. For old servers
     * that do not offer the explicit one.
     *
     * @param id as for {@link #builder}
     * @param host as for {@link #builder}
     * @return a builder with the defaults
     */
    public static Builder implicitTls(String id, String host) {
        return new Builder(id, host, Encryption.IMPLICIT_TLS);
    }

    /**
     * Starts a delivery by FTP without TLS: each host on the way can read the password and the files, and change them,
     * and the server may be another one. A job with sensitive fields does not build with it, unless its files are
     * encrypted.
     *
     * @param id as for {@link #builder}
     * @param host as for {@link #builder}
     * @return a builder with the defaults, for which there are no certificates
     */
    public static Builder unencrypted(String id, String host) {
        return new Builder(id, host, Encryption.NONE);
    }

    @Override
    public String id() {
        return settings.id();
    }

    /** Unicode: a server that does not offer UTF-8 refuses the files that need it, before anything is sent. */
    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    /** Protected if it is encrypted: the certificate is verified, and the account's files are its own. */
    @Override
    public Protection protection() {
        return encryption == Encryption.NONE ? Protection.PLAIN : Protection.PROTECTED;
    }

    /** The host and the port. */
    @Override
    public String server() {
        return settings.server();
    }

    /** The user, the host and the port. */
    @Override
    public String login() {
        return settings.user() + "@" + settings.server();
    }

    /**
     * An address with {@code ftpes}, or {@code ftps} for implicit TLS, as clients for people know it; none without
     * encryption, and if the directory begins at the home of the user.
     */
    @Override
    public Optional<URI> link(String location) {
        return switch (encryption) {
            case NONE -> Optional.empty();
            case EXPLICIT_TLS -> FileLink.of("ftpes", settings.server(), FtpsOptions.EXPLICIT_PORT, location);
            case IMPLICIT_TLS -> FileLink.of("ftps", settings.server(), FtpsOptions.IMPLICIT_PORT, location);
        };
    }

    /** The server, the user, the directory and the way of encryption, without any secret. */
    @Override
    public String fingerprint() {
        return String.join(
                "\n", settings.id(), settings.server(), settings.directory(), encryption.name(), settings.user());
    }

    /**
     * Connects, verifies the certificate and logs in, once: a rejected login is not attempted again. An idle connection
     * of the same engine with the same login is used again.
     *
     * @param shared has the connections of the engine, over all deliveries
     * @return the session
     * @throws io.outfeed.error.DeliveryException as {@link #open()}; {@link io.outfeed.error.FailureCode#STOPPED} if
     *     the engine is closed
     */
    @Override
    public DeliverySession open(DeliveryResources shared) {
        return sessions.open(shared);
    }

    /**
     * Connects, verifies the certificate and logs in, once: a rejected login is not attempted again. The connection is
     * closed with the session.
     *
     * @return the session
     * @throws io.outfeed.error.DeliveryException a retryable one if the server can't be reached or does not answer; a
     *     permanent one if its certificate is not trusted, it does not encrypt, or it rejects the login
     */
    @Override
    public DeliverySession open() {
        return sessions.openUnshared();
    }

    /** The destination, without any secret. */
    @Override
    public String toString() {
        String directory = settings.directory();
        return kind + " '" + settings.id() + "' to " + settings.user() + "@" + settings.server()
                + (RemotePaths.isAbsolute(directory) ? directory : "/~/" + directory);
    }

    /** How the connection is encrypted. */
    enum Encryption {
        EXPLICIT_TLS,
        IMPLICIT_TLS,
        NONE
    }

    /** What happens if the directory of a delivery is missing. Folders below it are always created. */
    public enum MissingDirectory {
        /** The delivery fails: mostly the name is wrong, or a disk is not mounted. */
        FAIL,
        /** The directory is created. */
        CREATE
    }

    /** Which side opens the connections for the bytes of files. */
    public enum DataConnections {
        /**
         * This side, to a port that the server names, at the address of the control connection: the address that it
         * names is ignored.
         */
        PASSIVE,
        /** The server, to a port of this machine, which no firewall may close. For servers without a passive mode. */
        ACTIVE
    }

    /** Collects the options of a delivery by FTPS or FTP. Not thread-safe. */
    public static final class Builder {

        private final FtpsOptions options;

        private Builder(String id, String host, Encryption encryption) {
            this.options = new FtpsOptions(requireNonNull(id, "id"), requireNonNull(host, "host"), encryption);
        }

        /**
         * Sets the server's port. Default: 21; 990 for implicit TLS.
         *
         * @param port 1 to 65535; replaces the one set before
         * @return this builder
         */
        public Builder port(int port) {
            options.port = port;
            return this;
        }

        /**
         * Sets the user. Required.
         *
         * @param user the name at the server; replaces the one set before
         * @return this builder
         */
        public Builder user(String user) {
            options.user = requireNonNull(user, "user");
            return this;
        }

        /**
         * Sets the password. Required.
         *
         * @param password is called at each login, by the thread that delivers, so that the password may change; its
         *     result is copied, and the copy is wiped; replaces the one set before
         * @return this builder
         */
        public Builder password(Supplier<char[]> password) {
            options.password = requireNonNull(password, "password");
            return this;
        }

        /**
         * Sets a password that stays in memory; {@link #password(Supplier)} avoids that.
         *
         * @param password the password; replaces the one set before
         * @return this builder
         */
        public Builder password(String password) {
            requireNonNull(password, "password");
            return password(password::toCharArray);
        }

        /**
         * Trusts the certificates of a file, and what they have signed. Default: what the JVM trusts. Set it instead of
         * {@link #trustStore} and {@link #pinnedCertificate}.
         *
         * @param pem one or more certificates in PEM, of authorities or of the server; read at each connection
         * @return this builder
         */
        public Builder trustedCertificates(Path pem) {
            options.trusted.add(new TrustPolicy.PemFile(requireNonNull(pem, "pem")));
            return this;
        }

        /**
         * Trusts the certificates of a key store, and what they have signed. Default: what the JVM trusts. Set it
         * instead of {@link #trustedCertificates} and {@link #pinnedCertificate}.
         *
         * @param keyStore in PKCS#12 or JKS; read at each connection
         * @param password is called at each connection; its result is copied, and the copy is wiped
         * @return this builder
         */
        public Builder trustStore(Path keyStore, Supplier<char[]> password) {
            options.trusted.add(new TrustPolicy.StoreFile(
                    requireNonNull(keyStore, "keyStore"), requireNonNull(password, "password")));
            return this;
        }

        /**
         * Trusts one certificate of the server, as a host key of SFTP is trusted: whatever has signed it and whatever
         * names it has, until it expires. Call it again for each further one, such as the next one before the server
         * changes it. Default: none; what the JVM trusts, if it is for the host.
         *
         * @param fingerprint 64 hexadecimal digits of SHA-256, with or without colons, as {@code openssl x509
         *     -fingerprint -sha256} shows them
         * @return this builder
         */
        public Builder pinnedCertificate(String fingerprint) {
            options.pins.add(requireNonNull(fingerprint, "fingerprint"));
            return this;
        }

        /**
         * Shows a certificate to servers that ask for one. Default: none.
         *
         * @param keyStore in PKCS#12 or JKS, with the certificate and its key; read at each connection
         * @param password of the key store and of the key; is called at each connection, its result is copied, and the
         *     copy is wiped
         * @return this builder
         */
        public Builder clientCertificate(Path keyStore, Supplier<char[]> password) {
            options.clientCertificate =
                    new ClientCertificate(requireNonNull(keyStore, "keyStore"), requireNonNull(password, "password"));
            return this;
        }

        /**
         * Sets which side opens data connections. Default: {@link DataConnections#PASSIVE}.
         *
         * @param dataConnections replaces the choice made before
         * @return this builder
         */
        public Builder dataConnections(DataConnections dataConnections) {
            options.dataConnections = requireNonNull(dataConnections, "dataConnections");
            return this;
        }

        /**
         * Connects from one of this machine's addresses, such as the one that the server's firewall accepts. Default:
         * the system's choice.
         *
         * @param address replaces the one set before
         * @return this builder
         */
        public Builder bindAddress(InetAddress address) {
            options.bindAddress = requireNonNull(address, "address");
            return this;
        }

        /**
         * Sets the directory of the files. Required. It must exist, unless {@link #missingDirectory} is set; folders
         * below it are created.
         *
         * @param directory an absolute path as the server sees it, such as {@code /exports}, or {@code /}; or one that
         *     begins at the login's home, such as {@code exports}, or {@code .}; replaces the one set before
         * @return this builder
         */
        public Builder directory(String directory) {
            options.directory = requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets what happens if the directory is missing. Default: {@link MissingDirectory#FAIL}.
         *
         * @param missingDirectory replaces the one set before
         * @return this builder
         */
        public Builder missingDirectory(MissingDirectory missingDirectory) {
            options.missingDirectory = requireNonNull(missingDirectory, "missingDirectory");
            return this;
        }

        /**
         * Sets the names of files until they are published. Default: {@link TemporaryNames#hidden}.
         *
         * @param temporaryNames the names; replaces the ones set before
         * @return this builder
         */
        public Builder temporaryNames(TemporaryNames temporaryNames) {
            options.temporaryNames = requireNonNull(temporaryNames, "temporaryNames");
            return this;
        }

        /**
         * Sets how long connecting to an address of the host may take, and then each of: greeting, TLS, each command of
         * the login, and each data connection. Default: 30 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            options.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the server may take to answer, or an upload to make any progress, before the connection is cut.
         * It does not limit an upload that makes progress. Default: 60 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder operationTimeout(Duration timeout) {
            options.operationTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the delivery of all files of a run may take, whatever progress it makes, before the connection
         * is cut; waiting for a connection has the same limit. Default: 6 hours.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder deliveryTimeout(Duration timeout) {
            options.deliveryTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how often the command {@code NOOP} is sent during an upload, for servers that close a control connection
         * on which nothing is sent. A server that answers none of them during an upload must do it after the upload.
         * Default: never; the system's keep-alive, which servers do not see, keeps firewalls from forgetting the
         * connection.
         *
         * @param interval 0, for never, or 1 second to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder keepAlive(Duration interval) {
            options.keepAlive = requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets how long a connection stays open for the next session of the engine with the same login; closing the
         * engine closes it. A login that is revoked or changed at the server stays usable that long. Default: 30
         * seconds.
         *
         * @param timeout 0, which closes the connection at once, to 1 hour; replaces the one set before
         * @return this builder
         */
        public Builder idleTimeout(Duration timeout) {
            options.idleTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Limits the connections of an engine to the server, over all deliveries to it. A session beyond the limit
         * waits. Default: 4.
         *
         * @param connections 1 to 100; replaces the number set before
         * @return this builder
         */
        public Builder connections(int connections) {
            options.connections = connections;
            return this;
        }

        /**
         * Builds the delivery. Nothing is connected or read yet.
         *
         * @return the delivery, with a copy of the options
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public FtpsDelivery build() {
            List<String> problems = options.problems();
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException(options.kind() + " '" + options.id + "'", problems);
            }
            return new FtpsDelivery(options.encryption, options.kind(), options.settings());
        }
    }
}
