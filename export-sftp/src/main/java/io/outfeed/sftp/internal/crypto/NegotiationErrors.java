package io.outfeed.sftp.internal.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** Recognizes that client and server have no algorithm in common, which sshj reports as a message only. */
public final class NegotiationErrors {

    private static final String HOST_KEYS = "HostKeyAlgorithms";

    private static final Pattern NO_SETTLEMENT =
            Pattern.compile("Unable to reach a settlement of (\\w+): \\[.*\\] and \\[([^\\]]*)", Pattern.DOTALL);

    /** The messages of sshj for a packet that does not belong into a strict key exchange. */
    private static final Pattern NOT_STRICT =
            Pattern.compile("SSH_MSG_KEXINIT was not first package during strict key exchange"
                    + "|Unexpected packet type during initial strict key exchange");

    private NegotiationErrors() {}

    /** Client and server have agreed on CBC with the checksum of the encrypted text. */
    static final class CbcWithEtmException extends SSHRuntimeException {

        private static final long serialVersionUID = 1L;

        CbcWithEtmException() {
            super("CBC with encrypt-then-MAC is not accepted");
        }
    }

    /** Whether a packet was injected into the key exchange, or the server does not keep to what it announces. */
    public static boolean violatesStrictKeyExchange(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransportException broken
                    && broken.getDisconnectReason() == DisconnectReason.KEY_EXCHANGE_FAILED
                    && NOT_STRICT.matcher(String.valueOf(broken.getMessage())).matches()) {
                return true;
            }
        }
        return false;
    }

    /** Returns what the server offers and what to do about it; null if the failure has another cause. */
    public static @Nullable String describe(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CbcWithEtmException) {
                return "offers CBC ciphers only with checksums of the encrypted text, a combination that an attacker in"
                        + " the network can use: have its operator enable newer ciphers";
            }
        }
        Matcher found = find(failure);
        if (found == null) {
            return null;
        }
        List<String> offered = Arrays.stream(found.group(2).split(",", -1))
                .map(name -> name.strip().replaceAll("[^A-Za-z0-9@._-]", "?"))
                .filter(name -> !name.startsWith("kex-strict-") && !name.startsWith("ext-info-"))
                .limit(20)
                .toList();
        List<String> options = Arrays.stream(OptInAlgorithm.values())
                .filter(algorithm -> offered.contains(algorithm.sshName()))
                .map(algorithm -> "legacyAlgorithm(LegacyAlgorithm." + algorithm + ")")
                .toList();
        return "offers only old " + kind(found.group(1)) + " (" + String.join(", ", offered)
                + "): have its operator enable newer ones"
                + (options.isEmpty() ? "" : ", or take the risk of " + String.join(" or ", options));
    }

    /** Whether the server has no host key of the requested types. */
    public static boolean lacksHostKey(Throwable failure) {
        Matcher found = find(failure);
        return found != null && found.group(1).equals(HOST_KEYS);
    }

    private static @Nullable Matcher find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher found = NO_SETTLEMENT.matcher(String.valueOf(cause.getMessage()));
            if (cause instanceof TransportException && found.find()) {
                return found;
            }
        }
        return null;
    }

    private static String kind(String list) {
        return switch (list) {
            case "KeyExchangeAlgorithms" -> "key exchanges";
            case HOST_KEYS -> "host key algorithms";
            case "Client2ServerCipherAlgorithms", "Server2ClientCipherAlgorithms" -> "ciphers";
            case "Client2ServerMACAlgorithms", "Server2ClientMACAlgorithms" -> "checksums";
            default -> "compressions";
        };
    }
}
