package io.outfeed.ftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.TemporaryNames;
import io.outfeed.ftp.FtpsDelivery.DataConnections;
import io.outfeed.ftp.FtpsDelivery.Encryption;
import io.outfeed.ftp.FtpsDelivery.MissingDirectory;
import io.outfeed.ftp.internal.connection.DataMode;
import io.outfeed.ftp.internal.connection.Endpoint;
import io.outfeed.ftp.internal.path.RemotePaths;
import io.outfeed.ftp.internal.tls.ClientCertificate;
import io.outfeed.ftp.internal.tls.TlsSettings;
import io.outfeed.ftp.internal.tls.TrustPolicy;
import io.outfeed.ftp.internal.transfer.TransferSettings;
import io.outfeed.internal.connection.LeaseSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of a delivery with their defaults. The builder sets them; {@link FtpsDelivery.Builder} documents them.
 */
final class FtpsOptions {

    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
    private static final Duration LONGEST_IDLE_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    static final int EXPLICIT_PORT = 21;
    static final int IMPLICIT_PORT = 990;

    final String id;

    // ---- the server

    final String host;
    final Encryption encryption;

    @Nullable
    Integer port;

    @Nullable
    InetAddress bindAddress;

    DataConnections dataConnections = DataConnections.PASSIVE;
    Duration connectTimeout = Duration.ofSeconds(30);
    Duration operationTimeout = Duration.ofSeconds(60);
    Duration keepAlive = Duration.ZERO;

    // ---- trust

    final List<TrustPolicy> trusted = new ArrayList<>();
    final Set<String> pins = new LinkedHashSet<>();

    // ---- login

    @Nullable
    String user;

    @Nullable
    Supplier<char[]> password;

    @Nullable
    ClientCertificate clientCertificate;

    // ---- transfer

    @Nullable
    String directory;

    MissingDirectory missingDirectory = MissingDirectory.FAIL;
    TemporaryNames temporaryNames = TemporaryNames.hidden();
    Duration deliveryTimeout = Duration.ofHours(6);
    Duration idleTimeout = Duration.ofSeconds(30);
    int connections = 4;

    FtpsOptions(String id, String host, Encryption encryption) {
        this.id = id;
        this.host = host;
        this.encryption = encryption;
    }

    /** What the messages and {@code toString} call the delivery. */
    String kind() {
        return encryption == Encryption.NONE ? "FTP delivery" : "FTPS delivery";
    }

    /** Returns every problem of the options; empty if the delivery can be built. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        serverProblems(problems);
        loginProblems(problems);
        trustProblems(problems);
        if (directory == null) {
            problems.add("directory is missing");
        } else {
            directoryProblem(directory, problems);
        }
        checkTimeout("connectTimeout", connectTimeout, problems);
        checkTimeout("operationTimeout", operationTimeout, problems);
        checkTimeout("deliveryTimeout", deliveryTimeout, problems);
        if (idleTimeout.isNegative() || idleTimeout.compareTo(LONGEST_IDLE_TIMEOUT) > 0) {
            problems.add("idleTimeout " + idleTimeout + " is not between 0 and 1 hour");
        }
        if (!keepAlive.isZero()
                && (keepAlive.compareTo(Duration.ofSeconds(1)) < 0 || keepAlive.compareTo(LONGEST_TIMEOUT) > 0)) {
            problems.add("keepAlive " + keepAlive + " is neither 0 nor between 1 second and 1 day");
        }
        if (connections < 1 || connections > 100) {
            problems.add("connections " + connections + " is not between 1 and 100");
        }
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
        if (port() < 1 || port() > 65_535) {
            problems.add("port " + port() + " is not between 1 and 65535");
        }
    }

    private void loginProblems(List<String> problems) {
        if (user == null || user.isBlank()) {
            problems.add("user is missing");
        } else if (user.chars().anyMatch(Character::isISOControl)) {
            problems.add("user has a line break or another control character");
        }
        if (password == null) {
            problems.add("password is missing");
        }
    }

    private void trustProblems(List<String> problems) {
        for (String pin : pins) {
            if (!FINGERPRINT.matcher(digits(pin)).matches()) {
                problems.add(
                        "pinnedCertificate '" + pin + "' is no fingerprint: it must be the 64 hexadecimal digits of"
                                + " SHA-256, as openssl x509 -fingerprint -sha256 shows them");
            }
        }
        int ways = trusted.size() + (pins.isEmpty() ? 0 : 1);
        if (encryption == Encryption.NONE) {
            if (ways > 0 || clientCertificate != null) {
                problems.add(
                        "an unencrypted delivery has no certificates: use FtpsDelivery.builder, or leave them out");
            }
        } else if (ways > 1) {
            problems.add("the trust is set " + ways
                    + " times: choose one of trustedCertificates, trustStore and pinnedCertificate");
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
            problems.add("directory '" + directory.replaceAll("\\p{Cntrl}", "?")
                    + "' is not plain: '//', '.', '..' and control characters are not allowed");
        }
    }

    private static void checkTimeout(String name, Duration value, List<String> problems) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add(name + " " + value + " is not between 1 millisecond and 1 day");
        }
    }

    private int port() {
        return port != null ? port : encryption == Encryption.IMPLICIT_TLS ? IMPLICIT_PORT : EXPLICIT_PORT;
    }

    /** Returns an immutable copy, as the transfer needs it; requires that there is no problem. */
    TransferSettings settings() {
        return new TransferSettings(
                new LeaseSettings<>(id, endpoint(), deliveryTimeout, idleTimeout, connections),
                withoutTrailingSlash(requireNonNull(directory)),
                temporaryNames,
                missingDirectory == MissingDirectory.CREATE);
    }

    private Endpoint endpoint() {
        return new Endpoint(
                host,
                port(),
                requireNonNull(user),
                requireNonNull(password),
                encryption == Encryption.NONE ? null : tls(),
                dataConnections == DataConnections.ACTIVE ? DataMode.ACTIVE : DataMode.PASSIVE,
                bindAddress,
                connectTimeout,
                operationTimeout,
                keepAlive);
    }

    private TlsSettings tls() {
        return new TlsSettings(encryption == Encryption.IMPLICIT_TLS, trust(), clientCertificate);
    }

    private TrustPolicy trust() {
        if (!pins.isEmpty()) {
            return new TrustPolicy.Pins(pins.stream().map(FtpsOptions::digits).toList());
        }
        return trusted.isEmpty() ? new TrustPolicy.Jvm() : trusted.get(0);
    }

    private static String digits(String fingerprint) {
        return fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    }

    private static String withoutTrailingSlash(String directory) {
        return directory.length() > 1 && directory.endsWith("/")
                ? directory.substring(0, directory.length() - 1)
                : directory;
    }
}
