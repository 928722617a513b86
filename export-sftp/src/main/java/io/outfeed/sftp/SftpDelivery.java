package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;

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
 * <p>A file is uploaded beside its final name under a hidden temporary one, with every write and the close confirmed and
 * the size compared, and its SHA-256 where the server computes it, and appears by a rename. Replacing an old file is atomic
 * where the server offers {@code posix-rename@openssh.com}; elsewhere the old file is removed first, and the receipt says so:
 * see {@link SftpPublication}. An upload whose connection broke is gone on with at the next attempt, from what the server has
 * confirmed. Modes and times of files are left to the server unless asked for. The server must prove a host key that is trusted; there is no way to accept any.
 *
 * <p>Immutable and thread-safe. Nothing is connected before {@link #open}.
 */
public final class SftpDelivery implements Delivery {

    private final SftpSettings settings;

    /** Of the host key that was trusted last: only a hint which to ask for first. */
    private final AtomicReference<@Nullable KeyType> hostKeyType = new AtomicReference<>();

    private final Unfinished unfinished = new Unfinished();

    private SftpDelivery(SftpSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts a delivery.
     *
     * @param id what the ledger calls this destination: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
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

    /** Protected: the channel is encrypted, the server's key is checked, and the account's files are its own. */
    @Override
    public Protection protection() {
        return Protection.PROTECTED;
    }

    /**
     * Connects, checks the host key and logs in, once: a refused login is never tried again.
     *
     * @return the session
     * @throws io.outfeed.error.DeliveryException one to try again if the server can't be reached or does not answer; a permanent
     *     one if its host key is not trusted, or it refuses the login
     */
    @Override
    public DeliverySession open() {
        return connect();
    }

    SftpSession connect() {
        WarmUp.begin();
        Thread borrower = Thread.currentThread();
        SftpConnection connection = ConnectionPool.SHARED.borrow(settings, hostKeyType);
        AtomicBoolean given = new AtomicBoolean();
        return new SftpSession(settings, connection, unfinished, () -> {
            if (!given.getAndSet(true)) {
                ConnectionPool.SHARED.giveBack(settings, connection, borrower);
            }
        });
    }

    /** The destination, without anything secret. */
    @Override
    public String toString() {
        return "SFTP delivery '" + settings.id() + "' to " + settings.user() + "@" + settings.server()
                + settings.directory();
    }

    /** Collects the options of a delivery by SFTP. Not thread-safe. */
    public static final class Builder {

        private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");
        private static final Pattern PIN = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
        private static final Pattern PERMISSIONS = Pattern.compile("([r-][w-][x-]){3}");
        private static final Duration LONGEST_IDLE = Duration.ofHours(1);
        private static final Duration LONGEST = Duration.ofDays(1);

        private final String id;
        private final String host;
        private int port = 22;
        private @Nullable String user;
        private final List<Login> logins = new ArrayList<>();
        private final Set<String> pins = new LinkedHashSet<>();
        private @Nullable Path knownHosts;
        private final Set<LegacyAlgorithm> allowed = EnumSet.noneOf(LegacyAlgorithm.class);
        private final List<Login> second = new ArrayList<>();
        private @Nullable SftpProxy proxy;
        private @Nullable InetAddress bindAddress;
        private @Nullable String directory;
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Duration operationTimeout = Duration.ofSeconds(60);
        private SftpPublication publication = SftpPublication.PROBE;
        private boolean makesDirectory;
        private @Nullable String permissions;
        private boolean keepsTimes;
        private Duration deliveryTimeout = Duration.ofHours(6);
        private Duration keepIdle = Duration.ofSeconds(30);
        private int connections = 4;

        private Builder(String id, String host) {
            this.id = requireNonNull(id, "id");
            this.host = requireNonNull(host, "host");
        }

        /**
         * Sets the server's port. Default: 22.
         *
         * @param port 1 to 65535; replaces the one set before
         * @return this builder
         */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /**
         * Sets who logs in. Required.
         *
         * @param user the user's name at the server; replaces the one set before
         * @return this builder
         */
        public Builder user(String user) {
            this.user = requireNonNull(user, "user");
            return this;
        }

        /**
         * Logs in with a password, by the method {@code password} only. This, another password or a
         * private key is required.
         *
         * @param password asked at each login, by the thread that delivers, so that the password may change; what it gives
         *     is copied, and the copy is wiped
         * @return this builder
         */
        public Builder password(Supplier<char[]> password) {
            logins.add(new Login.Password(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in with a password that stays in memory: see {@link #password(Supplier)} for one that does not.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            requireNonNull(password, "password");
            return password(password::toCharArray);
        }

        /**
         * Logs in with a password by the method {@code keyboard-interactive}, for servers that ask for it that way. One
         * question, for a password, is answered; whatever else the server asks ends the login. Replaces
         * {@link #password(Supplier)}.
         *
         * @param password as for {@link #password(Supplier)}
         * @return this builder
         */
        public Builder keyboardInteractive(Supplier<char[]> password) {
            logins.add(new Login.KeyboardInteractive(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in with a password after the private key, for servers that want both. Default: none.
         *
         * @param password as for {@link #password(Supplier)}; not asked where the server is content with the key
         * @return this builder
         */
        public Builder thenPassword(Supplier<char[]> password) {
            second.add(new Login.Password(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Logs in by the method {@code keyboard-interactive} after the private key, for servers that want both. Default:
         * none.
         *
         * @param password as for {@link #keyboardInteractive}; not asked where the server is content with the key
         * @return this builder
         */
        public Builder thenKeyboardInteractive(Supplier<char[]> password) {
            second.add(new Login.KeyboardInteractive(requireNonNull(password, "password")));
            return this;
        }

        /**
         * Offers an old algorithm to this server. Call it again for each further one. Default: none.
         *
         * @param algorithm what the server needs; see there what it risks
         * @return this builder
         */
        public Builder allow(LegacyAlgorithm algorithm) {
            allowed.add(requireNonNull(algorithm, "algorithm"));
            return this;
        }

        /**
         * Connects by a proxy. Default: none; the JVM's own settings of proxies are not looked at.
         *
         * @param proxy replaces the one set before
         * @return this builder
         */
        public Builder proxy(SftpProxy proxy) {
            this.proxy = requireNonNull(proxy, "proxy");
            return this;
        }

        /**
         * Connects from one of this machine's addresses, such as the one that the server's firewall lets in. Default: the
         * one that the system chooses.
         *
         * @param address replaces the one set before
         * @return this builder
         */
        public Builder bindAddress(InetAddress address) {
            this.bindAddress = requireNonNull(address, "address");
            return this;
        }

        /**
         * Logs in with a private key that needs no passphrase. Either this or a password is required.
         *
         * @param file an Ed25519, ECDSA or RSA key in the format of OpenSSH, PEM or PKCS#8; read at each login
         * @return this builder
         */
        public Builder privateKey(Path file) {
            logins.add(new Login.PrivateKey(requireNonNull(file, "file"), null));
            return this;
        }

        /**
         * Logs in with a private key that is encrypted.
         *
         * @param file the key, as for {@link #privateKey(Path)}
         * @param passphrase asked at each login; what it gives is copied, and the copy is wiped
         * @return this builder
         */
        public Builder privateKey(Path file, Supplier<char[]> passphrase) {
            logins.add(new Login.PrivateKey(requireNonNull(file, "file"), requireNonNull(passphrase, "passphrase")));
            return this;
        }

        /**
         * Trusts a host key, by its fingerprint as {@code ssh-keygen -l} shows it. Call it again for each further key that
         * is trusted, such as the next one before the server changes it. Either this or {@link #knownHosts} is required.
         *
         * <p>Any one key of a server that has several will do; the type need not be known.
         *
         * @param fingerprint such as {@code SHA256:} and 43 characters of Base64
         * @return this builder
         */
        public Builder hostKey(String fingerprint) {
            pins.add(requireNonNull(fingerprint, "fingerprint"));
            return this;
        }

        /**
         * Trusts the host keys that a file of OpenSSH has for exactly this host and port, plain or hashed. Either this or
         * {@link #hostKey} is required.
         *
         * <p>A line with {@code @cert-authority} trusts certificates that its key has signed, if they are in order: for
         * hosts, with this host among their names, valid now, without critical options, and signed with SHA-2. Its names may
         * have {@code *} and {@code ?}. Other lines with patterns, and any with negations or unknown types, trust nothing. A
         * key that is {@code @revoked} is refused, as a host's or an authority's, whatever host its line names.
         *
         * @param file read at each connection, never written; replaces the one set before
         * @return this builder
         */
        public Builder knownHosts(Path file) {
            this.knownHosts = requireNonNull(file, "file");
            return this;
        }

        /**
         * Sets where the files appear. Required. It must exist; folders below it are made.
         *
         * @param directory an absolute path as the server sees it, such as {@code /exports}, or {@code /}; replaces the one
         *     set before
         * @return this builder
         */
        public Builder directory(String directory) {
            this.directory = requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets how long connecting to an address of the host may take, and then each of: agreeing on keys, logging in,
         * starting SFTP. Default: 30 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the server may take to answer, or an upload to make any progress, before the connection is cut.
         * It does not limit how long an upload takes that goes on. Default: 60 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder operationTimeout(Duration timeout) {
            this.operationTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the delivery of all files of a run may take, whatever progress it makes, before the connection is
         * cut; waiting for a connection has the same limit. Default: 6 hours.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder deliveryTimeout(Duration timeout) {
            this.deliveryTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how files are made visible. Default: {@link SftpPublication#PROBE}, the best that the server can.
         *
         * @param publication replaces the one set before
         * @return this builder
         */
        public Builder publication(SftpPublication publication) {
            this.publication = requireNonNull(publication, "publication");
            return this;
        }

        /**
         * Makes the directory where it is missing. Default: a missing directory is an error, since it is mostly a wrong
         * name, or a disk that is not mounted; folders below it are always made.
         *
         * @return this builder
         */
        public Builder makeDirectory() {
            this.makesDirectory = true;
            return this;
        }

        /**
         * Sets the permissions of each file before it appears. Default: what the server gives it. A server that refuses has
         * the file all the same, and the log a warning.
         *
         * @param permissions such as {@code rw-r-----}; replaces the ones set before
         * @return this builder
         */
        public Builder permissions(String permissions) {
            this.permissions = requireNonNull(permissions, "permissions");
            return this;
        }

        /**
         * Gives each file the time at which it was staged. Default: when the server wrote it. A server that refuses has the
         * file all the same, and the log a warning.
         *
         * @return this builder
         */
        public Builder keepTimes() {
            this.keepsTimes = true;
            return this;
        }

        /**
         * Sets how long a connection stays open for the next session with the same login, at most. A login that is withdrawn
         * or changed at the server may be used that long. Default: 30 seconds.
         *
         * @param idle 0, which closes it at once, to 1 hour; replaces the one set before
         * @return this builder
         */
        public Builder keepIdle(Duration idle) {
            this.keepIdle = requireNonNull(idle, "idle");
            return this;
        }

        /**
         * Sets how many connections this JVM may have to the server at a time, over all deliveries to it. Further ones wait.
         * Default: 4.
         *
         * @param connections 1 to 100; replaces the number set before
         * @return this builder
         */
        public Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        /**
         * Makes the delivery. Nothing is connected or read yet.
         *
         * @return the delivery, a copy of what was collected
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public SftpDelivery build() {
            List<String> problems = new ArrayList<>();
            if (!SAFE_ID.matcher(id).matches() || id.contains("..") || id.endsWith(".")) {
                problems.add("the id is no safe name: at most 120 letters A-Z and a-z, digits, '.', '_' and '-', not "
                        + "beginning with '.' or '-'");
            }
            if (!HOST.matcher(host).matches()) {
                problems.add("the host is no name or address of a server");
            }
            if (port < 1 || port > 65_535) {
                problems.add("port " + port + " is not between 1 and 65535");
            }
            if (user == null || user.isBlank()) {
                problems.add("user is missing");
            }
            if (logins.isEmpty()) {
                problems.add("password or privateKey is missing");
            } else if (logins.size() > 1) {
                problems.add("the login is set " + logins.size() + " times: choose one password or privateKey");
            } else if (second.size() > 1) {
                problems.add("the login after the private key is set " + second.size() + " times: choose one");
            } else if (!second.isEmpty() && !(logins.get(0) instanceof Login.PrivateKey)) {
                problems.add("thenPassword and thenKeyboardInteractive come after a privateKey, and none is set");
            }
            if (proxy != null) {
                proxyProblems(proxy, problems);
            }
            for (String pin : pins) {
                if (!PIN.matcher(pin).matches()) {
                    problems.add("hostKey '" + pin
                            + "' is no fingerprint: it must be SHA256: and 43 characters of Base64, as ssh-keygen -l "
                            + "shows it");
                }
            }
            if (pins.isEmpty() && knownHosts == null) {
                problems.add("hostKey or knownHosts is missing: ask the server's operator for the fingerprint");
            } else if (!pins.isEmpty() && knownHosts != null) {
                problems.add("hostKey and knownHosts are both set: choose one");
            }
            if (directory == null) {
                problems.add("directory is missing");
            } else {
                directoryProblem(directory, problems);
            }
            range("connectTimeout", connectTimeout, problems);
            range("operationTimeout", operationTimeout, problems);
            transferProblems(problems);
            if (!problems.isEmpty() || user == null || directory == null) {
                throw new InvalidDefinitionException("SFTP delivery '" + id + "'", problems);
            }
            return new SftpDelivery(new SftpSettings(
                    id,
                    host,
                    port,
                    user,
                    Stream.concat(logins.stream(), second.stream()).toList(),
                    hostKeys(),
                    Set.copyOf(allowed),
                    proxy,
                    bindAddress,
                    withoutSlash(directory),
                    connectTimeout,
                    operationTimeout,
                    transferOptions()));
        }

        private void transferProblems(List<String> problems) {
            range("deliveryTimeout", deliveryTimeout, problems);
            if (keepIdle.isNegative() || keepIdle.compareTo(LONGEST_IDLE) > 0) {
                problems.add("keepIdle " + keepIdle + " is not between 0 and 1 hour");
            }
            if (connections < 1 || connections > 100) {
                problems.add("connections " + connections + " is not between 1 and 100");
            }
            if (permissions != null && !PERMISSIONS.matcher(permissions).matches()) {
                problems.add("permissions '" + permissions + "' are not like rw-r-----");
            }
        }

        private TransferOptions transferOptions() {
            return new TransferOptions(
                    publication,
                    makesDirectory,
                    permissions == null ? null : Set.copyOf(PosixFilePermissions.fromString(permissions)),
                    keepsTimes,
                    deliveryTimeout,
                    keepIdle,
                    connections);
        }

        private HostKeys hostKeys() {
            if (knownHosts != null) {
                return new HostKeys.KnownHostsFile(knownHosts);
            }
            return new HostKeys.Pins(
                    pins.stream().map(pin -> pin.replace("=", "")).toList());
        }

        private static void proxyProblems(SftpProxy proxy, List<String> problems) {
            if (!HOST.matcher(proxy.host()).matches()) {
                problems.add("the proxy's host is no name or address");
            }
            if (proxy.port() < 1 || proxy.port() > 65_535) {
                problems.add("the proxy's port " + proxy.port() + " is not between 1 and 65535");
            }
        }

        private static void directoryProblem(String directory, List<String> problems) {
            if (!directory.startsWith("/")) {
                problems.add("directory '" + directory + "' is not absolute: it must begin with '/'");
            } else if (directory.contains("//")
                    || List.of(directory.split("/", -1)).contains("..")
                    || List.of(directory.split("/", -1)).contains(".")
                    || directory.chars().anyMatch(Character::isISOControl)) {
                problems.add("directory '" + directory
                        + "' is not plain: '//', '.', '..' and control characters are not allowed");
            }
        }

        private static String withoutSlash(String directory) {
            return directory.length() > 1 && directory.endsWith("/")
                    ? directory.substring(0, directory.length() - 1)
                    : directory;
        }

        private static void range(String name, Duration value, List<String> problems) {
            if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
                problems.add(name + " " + value + " is not between 1 millisecond and 1 day");
            }
        }
    }
}
