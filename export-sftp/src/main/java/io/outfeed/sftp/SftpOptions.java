package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.TemporaryNames;
import io.outfeed.internal.connection.LeaseSettings;
import io.outfeed.sftp.SftpDelivery.FileTimes;
import io.outfeed.sftp.SftpDelivery.MissingDirectory;
import io.outfeed.sftp.internal.connection.Endpoint;
import io.outfeed.sftp.internal.connection.KeyLimit;
import io.outfeed.sftp.internal.login.LoginMethod;
import io.outfeed.sftp.internal.path.RemotePaths;
import io.outfeed.sftp.internal.socket.ProxyServer;
import io.outfeed.sftp.internal.transfer.TransferSettings;
import io.outfeed.sftp.internal.trust.HostKeyPolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of a delivery with their defaults. The builder sets them; {@link SftpDelivery.Builder} documents them.
 */
final class SftpOptions {

    static final int DEFAULT_PORT = 22;

    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
    private static final Pattern PERMISSIONS = Pattern.compile("([r-][w-][x-]){3}");
    private static final Duration LONGEST_IDLE_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    final String id;

    // ---- the server

    final String host;
    int port = DEFAULT_PORT;

    @Nullable
    SftpProxy proxy;

    @Nullable
    InetAddress bindAddress;

    Duration connectTimeout = Duration.ofSeconds(30);
    Duration operationTimeout = Duration.ofSeconds(60);

    /** No option of the builder. */
    KeyLimit keyLimit = KeyLimit.DEFAULT;

    final Set<LegacyAlgorithm> legacyAlgorithms = EnumSet.noneOf(LegacyAlgorithm.class);

    // ---- trust

    final Set<String> hostKeys = new LinkedHashSet<>();

    @Nullable
    Path knownHosts;

    // ---- login

    @Nullable
    String user;

    final List<LoginMethod> logins = new ArrayList<>();
    final List<LoginMethod> loginsAfterKey = new ArrayList<>();

    // ---- transfer

    @Nullable
    String directory;

    MissingDirectory missingDirectory = MissingDirectory.FAIL;
    SftpPublication publication = SftpPublication.PROBE;
    TemporaryNames temporaryNames = TemporaryNames.hidden();

    @Nullable
    String permissions;

    FileTimes fileTimes = FileTimes.UPLOADED;
    Duration deliveryTimeout = Duration.ofHours(6);
    Duration idleTimeout = Duration.ofSeconds(30);
    int connections = 4;

    SftpOptions(String id, String host) {
        this.id = id;
        this.host = host;
    }

    /** Returns every problem of the options; empty if the delivery can be built. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        serverProblems(problems);
        loginProblems(problems);
        if (proxy != null) {
            proxyProblems(proxy.server(), problems);
        }
        trustProblems(problems);
        if (directory == null) {
            problems.add("directory is missing");
        } else {
            directoryProblem(directory, problems);
        }
        checkTimeout("connectTimeout", connectTimeout, problems);
        checkTimeout("operationTimeout", operationTimeout, problems);
        transferProblems(problems);
        return problems;
    }

    private void serverProblems(List<String> problems) {
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
    }

    private void loginProblems(List<String> problems) {
        if (user == null || user.isBlank()) {
            problems.add("user is missing");
        }
        if (logins.isEmpty()) {
            problems.add("password or privateKey is missing");
        } else if (logins.size() > 1) {
            problems.add("the login is set " + logins.size() + " times: choose one password or privateKey");
        } else if (loginsAfterKey.size() > 1) {
            problems.add("the login after the private key is set " + loginsAfterKey.size() + " times: choose one");
        } else if (!loginsAfterKey.isEmpty() && !(logins.get(0) instanceof LoginMethod.PrivateKey)) {
            problems.add("passwordAfterKey and keyboardInteractiveAfterKey come after a privateKey, and none is set");
        }
    }

    private static void proxyProblems(ProxyServer proxy, List<String> problems) {
        if (!HOST.matcher(proxy.host()).matches()) {
            problems.add("the proxy's host is no name or address");
        }
        if (proxy.port() < 1 || proxy.port() > 65_535) {
            problems.add("the proxy's port " + proxy.port() + " is not between 1 and 65535");
        }
    }

    private void trustProblems(List<String> problems) {
        for (String fingerprint : hostKeys) {
            if (!FINGERPRINT.matcher(fingerprint).matches()) {
                problems.add("hostKey '" + fingerprint
                        + "' is no fingerprint: it must be SHA256: and 43 characters of Base64, as ssh-keygen -l "
                        + "shows it");
            }
        }
        if (hostKeys.isEmpty() && knownHosts == null) {
            problems.add("hostKey or knownHosts is missing: ask the server's operator for the fingerprint");
        } else if (!hostKeys.isEmpty() && knownHosts != null) {
            problems.add("hostKey and knownHosts are both set: choose one");
        }
    }

    private static void directoryProblem(String directory, List<String> problems) {
        List<String> parts = List.of(directory.split("/", -1));
        if (directory.isBlank() || directory.equals("~") || directory.startsWith("~/")) {
            problems.add("directory '" + directory + "' is no path: a relative one, such as 'exports', begins at the"
                    + " login's home, which is '.'");
        } else if (!directory.equals(RemotePaths.HOME)
                && (directory.contains("//")
                        || parts.contains("..")
                        || parts.contains(".")
                        || directory.chars().anyMatch(Character::isISOControl))) {
            problems.add("directory '" + directory
                    + "' is not plain: '//', '.', '..' and control characters are not allowed");
        }
    }

    private void transferProblems(List<String> problems) {
        checkTimeout("deliveryTimeout", deliveryTimeout, problems);
        if (idleTimeout.isNegative() || idleTimeout.compareTo(LONGEST_IDLE_TIMEOUT) > 0) {
            problems.add("idleTimeout " + idleTimeout + " is not between 0 and 1 hour");
        }
        if (connections < 1 || connections > 100) {
            problems.add("connections " + connections + " is not between 1 and 100");
        }
        if (permissions != null && !PERMISSIONS.matcher(permissions).matches()) {
            problems.add("permissions '" + permissions + "' are not like rw-r-----");
        }
    }

    private static void checkTimeout(String name, Duration value, List<String> problems) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add(name + " " + value + " is not between 1 millisecond and 1 day");
        }
    }

    /** Returns an immutable copy, as the transfer needs it; requires that there is no problem. */
    TransferSettings settings() {
        return new TransferSettings(
                new LeaseSettings<>(id, endpoint(), deliveryTimeout, idleTimeout, connections),
                withoutTrailingSlash(requireNonNull(directory)),
                publication.mode(),
                temporaryNames,
                missingDirectory == MissingDirectory.CREATE,
                permissions == null ? null : Set.copyOf(PosixFilePermissions.fromString(permissions)),
                fileTimes == FileTimes.STAGED);
    }

    private Endpoint endpoint() {
        return new Endpoint(
                host,
                port,
                requireNonNull(user),
                Stream.concat(logins.stream(), loginsAfterKey.stream()).toList(),
                hostKeyPolicy(),
                legacyAlgorithms.stream().map(LegacyAlgorithm::algorithm).collect(Collectors.toUnmodifiableSet()),
                proxy == null ? null : proxy.server(),
                bindAddress,
                connectTimeout,
                operationTimeout,
                keyLimit);
    }

    private HostKeyPolicy hostKeyPolicy() {
        if (knownHosts != null) {
            return new HostKeyPolicy.KnownHostsFile(knownHosts);
        }
        return new HostKeyPolicy.Pins(hostKeys.stream()
                .map(fingerprint -> fingerprint.replace("=", ""))
                .toList());
    }

    private static String withoutTrailingSlash(String directory) {
        return directory.length() > 1 && directory.endsWith("/")
                ? directory.substring(0, directory.length() - 1)
                : directory;
    }
}
