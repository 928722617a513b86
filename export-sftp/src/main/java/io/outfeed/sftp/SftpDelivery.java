package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileNames;
import io.outfeed.internal.connection.FileLink;
import io.outfeed.sftp.internal.login.LoginMethod;
import io.outfeed.sftp.internal.path.RemotePaths;
import io.outfeed.sftp.internal.transfer.SftpSessions;
import io.outfeed.sftp.internal.transfer.TransferSettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Delivery to a directory of an SFTP server.
 *
 * <pre>{@code
 * SftpDelivery.builder("lakeside", "sftp.lakeside.example")
 *     .user("outfeed")
 *     .privateKey(Path.of("/etc/outfeed/id_ed25519"))
 *     .hostKey("SHA256:2Yx0…")
 *     .directory("/exports")
 *     .build();
 * }</pre>
 *
 * <p>A file is uploaded under a hidden temporary name in the folder of its final one, and then renamed. Every write and
 * the close are confirmed; the size is compared, and the SHA-256 where the server computes it. An old file is replaced
 * in one step where the server offers {@code posix-rename@openssh.com}; elsewhere it is removed first, and the receipt
 * says so: see {@link SftpPublication}. The next attempt resumes an upload whose connection broke, from what the server
 * has confirmed. Permissions and times of files are left to the server unless configured. The server must prove a
 * trusted host key; there is no option to accept any key. New keys are agreed on after a gibibyte or an hour.
 *
 * <p>Immutable and thread-safe. Nothing is connected before {@link #open}.
 */
public final class SftpDelivery implements Delivery {

    private final TransferSettings settings;
    private final SftpSessions sessions;

    private SftpDelivery(TransferSettings settings) {
        this.settings = settings;
        this.sessions = new SftpSessions(settings);
    }

    /**
     * Starts a delivery.
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param host the server's name or address
     * @return a builder with the defaults
     */
    public static Builder builder(String id, String host) {
        return new Builder(id, host);
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    /** Protected: the channel is encrypted, the server's key is verified, and the account's files are its own. */
    @Override
    public Protection protection() {
        return Protection.PROTECTED;
    }

    /** True for {@link SftpPublication#TAKEN_AT_CLOSE}. */
    @Override
    public boolean takesAtClose() {
        return settings.publication().takesAtClose();
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
     * An address with {@code sftp}; none for {@link SftpPublication#TAKEN_AT_CLOSE}, and if the directory begins at the
     * home of the user.
     */
    @Override
    public Optional<URI> link(String location) {
        return takesAtClose()
                ? Optional.empty()
                : FileLink.of("sftp", settings.server(), SftpOptions.DEFAULT_PORT, location);
    }

    /** The server, the user, the directory and the way of publication, without any secret. */
    @Override
    public String fingerprint() {
        return String.join(
                "\n",
                settings.id(),
                settings.server(),
                settings.directory(),
                settings.publication().name(),
                settings.user());
    }

    /**
     * Connects, verifies the host key and logs in, once: a rejected login is not attempted again. An idle connection of
     * the same engine with the same login is used again.
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
     * Connects, verifies the host key and logs in, once: a rejected login is not attempted again. The connection is
     * closed with the session.
     *
     * @return the session
     * @throws io.outfeed.error.DeliveryException a retryable one if the server can't be reached or does not answer; a
     *     permanent one if its host key is not trusted, or it rejects the login
     */
    @Override
    public DeliverySession open() {
        return sessions.openUnshared();
    }

    /** The destination, without any secret. */
    @Override
    public String toString() {
        String directory = settings.directory();
        return "SFTP delivery '" + settings.id() + "' to " + settings.user() + "@" + settings.server()
                + (RemotePaths.isAbsolute(directory) ? directory : "/~/" + directory);
    }

    /** What happens if the directory of a delivery is missing. Folders below it are always created. */
    public enum MissingDirectory {
        /** The delivery fails: mostly the name is wrong, or a disk is not mounted. */
        FAIL,
        /** The directory is created. */
        CREATE
    }

    /** Which modification time a file has at the server. */
    public enum FileTimes {
        /** The time at which the server wrote the file. */
        UPLOADED,
        /** The time at which the file was staged. */
        STAGED
    }

    /** Collects the options of a delivery by SFTP. Not thread-safe. */
    public static final class Builder {

        private final SftpOptions options;

        private Builder(String id, String host) {
            this.options = new SftpOptions(requireNonNull(id, "id"), requireNonNull(host, "host"));
        }

        /**
         * Sets the server's port. Default: 22.
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
         * Logs in with a password, by the method {@code password} only. Required, unless another password or a private
         * key is set.
         *
         * @param password is called at each login, by the thread that delivers, so that the password may change; its
         *     result is copied, and the copy is wiped
         * @return this builder
         */
        public Builder password(Supplier<char[]> password) {
            options.logins.add(new LoginMethod.Password(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in with a password that stays in memory; {@link #password(Supplier)} avoids that.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            requireNonNull(password, "password");
            return password(password::toCharArray);
        }

        /**
         * Logs in with a password by the method {@code keyboard-interactive}, for servers that ask for it by a prompt.
         * One prompt, for a password, is answered; any other prompt ends the login. Set it instead of {@link
         * #password(Supplier)}.
         *
         * @param password as for {@link #password(Supplier)}
         * @return this builder
         */
        public Builder keyboardInteractive(Supplier<char[]> password) {
            options.logins.add(new LoginMethod.KeyboardInteractive(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in with a password after the private key, for servers that require both. Default: none.
         *
         * @param password as for {@link #password(Supplier)}; not called if the key is enough for the server
         * @return this builder
         */
        public Builder passwordAfterKey(Supplier<char[]> password) {
            options.loginsAfterKey.add(new LoginMethod.Password(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in by the method {@code keyboard-interactive} after the private key, for servers that require both.
         * Default: none.
         *
         * @param password as for {@link #keyboardInteractive}; not called if the key is enough for the server
         * @return this builder
         */
        public Builder keyboardInteractiveAfterKey(Supplier<char[]> password) {
            options.loginsAfterKey.add(new LoginMethod.KeyboardInteractive(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Offers an old algorithm to this server. Call it again for each further one. Default: none.
         *
         * @param algorithm what the server needs; its documentation names the risk
         * @return this builder
         */
        public Builder legacyAlgorithm(LegacyAlgorithm algorithm) {
            options.legacyAlgorithms.add(requireNonNull(algorithm, "algorithm"));
            return this;
        }

        /**
         * Connects by a proxy. Default: none; the JVM's own proxy settings are ignored.
         *
         * @param proxy replaces the one set before
         * @return this builder
         */
        public Builder proxy(SftpProxy proxy) {
            options.proxy = requireNonNull(proxy, "proxy");
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
         * Logs in with a private key that has no passphrase. Required, unless a password is set.
         *
         * @param file an Ed25519, ECDSA or RSA key in the format of OpenSSH, PEM or PKCS#8; read at each login
         * @return this builder
         */
        public Builder privateKey(Path file) {
            options.logins.add(new LoginMethod.PrivateKey(requireNonNull(file, "file"), null));
            return this;
        }

        /**
         * Logs in with a private key that is encrypted.
         *
         * @param file the key, as for {@link #privateKey(Path)}
         * @param passphrase is called at each login; its result is copied, and the copy is wiped
         * @return this builder
         */
        public Builder privateKey(Path file, Supplier<char[]> passphrase) {
            options.logins.add(
                    new LoginMethod.PrivateKey(requireNonNull(file, "file"), requireNonNull(passphrase, "passphrase")));
            return this;
        }

        /**
         * Trusts a host key, by its fingerprint as {@code ssh-keygen -l} shows it. Call it again for each further key,
         * such as the next one before the server changes its key. Either this or {@link #knownHosts} is required.
         *
         * <p>If a server has several keys, any one of them is enough, of any type.
         *
         * @param fingerprint such as {@code SHA256:} and 43 characters of Base64
         * @return this builder
         */
        public Builder hostKey(String fingerprint) {
            options.hostKeys.add(requireNonNull(fingerprint, "fingerprint"));
            return this;
        }

        /**
         * Trusts the host keys that a known_hosts file of OpenSSH lists for exactly this host and port, plain or
         * hashed. Either this or {@link #hostKey} is required.
         *
         * <p>A line with {@code @cert-authority} trusts certificates that its key has signed, if they are for hosts,
         * name this host, are valid now, have no critical options, and are signed with SHA-2. Its names may contain
         * {@code *} and {@code ?}. Other lines with patterns, and any with negations or unknown types, trust nothing. A
         * key that is {@code @revoked} is rejected, as a host's or an authority's, whatever host its line names; a
         * revoked certificate stands for its key.
         *
         * @param file is read at each connection, never written; replaces the one set before
         * @return this builder
         */
        public Builder knownHosts(Path file) {
            options.knownHosts = requireNonNull(file, "file");
            return this;
        }

        /**
         * Sets the directory of the files. Required. It must exist, unless {@link #missingDirectory} is set; folders
         * below it are created.
         *
         * <p>Receipts have the absolute path, unless the server does not tell it.
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
         * Sets how long connecting to an address of the host may take, and then each of: key exchange, login, start of
         * SFTP. Default: 30 seconds.
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
         * Sets how files are made visible. Default: {@link SftpPublication#PROBE}, the best that the server supports.
         *
         * @param publication replaces the one set before
         * @return this builder
         */
        public Builder publication(SftpPublication publication) {
            options.publication = requireNonNull(publication, "publication");
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
         * Sets the names of files until they are published. Default: {@link TemporaryNames#hidden}. Ignored where files
         * are written under their final names.
         *
         * @param temporaryNames the names; replaces the ones set before
         * @return this builder
         */
        public Builder temporaryNames(TemporaryNames temporaryNames) {
            options.temporaryNames = requireNonNull(temporaryNames, "temporaryNames");
            return this;
        }

        /**
         * Sets the permissions of each file. The request that creates the file has them, so that it is at no moment
         * open to more readers. If the server refuses them, or says that the file has others, the upload fails;
         * nothing is written then. Done files and folders have the server's. Default: the server's.
         *
         * @param permissions such as {@code rw-r-----}; replaces the ones set before
         * @return this builder
         */
        public Builder permissions(String permissions) {
            options.permissions = requireNonNull(permissions, "permissions");
            return this;
        }

        /**
         * Sets the modification time of each file. Default: {@link FileTimes#UPLOADED}. If the server refuses to change
         * it, the file is delivered without, and a warning is logged.
         *
         * @param times replaces the ones set before
         * @return this builder
         */
        public Builder fileTimes(FileTimes times) {
            options.fileTimes = requireNonNull(times, "times");
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
        public SftpDelivery build() {
            List<String> problems = options.problems();
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("SFTP delivery '" + options.id + "'", problems);
            }
            return new SftpDelivery(options.settings());
        }
    }
}
