package io.outfeed.sftp.internal.failure;

import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.text.VisibleText;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import org.jspecify.annotations.Nullable;

/**
 * Cleans the failures of sshj, which quote what the server says: the text of a DISCONNECT, of an SFTP status, of an
 * identification. It comes from whatever answers at the address, before its host key is verified, too, and
 * would write lines of its own into a log.
 */
public final class ServerTexts {

    /** A message is cut there. It is long enough for two lists of algorithms. */
    private static final int MAX_LENGTH = 1000;

    private static final int MAX_DEPTH = 20;

    private ServerTexts() {}

    /**
     * Returns a failure whose messages, and those of its causes, are short and on one line: the same one if they are,
     * else a copy of the same kind.
     */
    public static IOException cleaned(IOException failure) {
        return isClean(failure) ? failure : (IOException) copy(failure, 0);
    }

    /** As above. */
    public static RuntimeException cleaned(RuntimeException failure) {
        return isClean(failure) ? failure : (RuntimeException) copy(failure, 0);
    }

    /** As above. */
    public static Throwable cleaned(Exception failure) {
        return isClean(failure) ? failure : copy(failure, 0);
    }

    /** Replaces what is no visible character or blank by a question mark, and cuts the rest. */
    public static String cleaned(String text) {
        return VisibleText.of(text, MAX_LENGTH);
    }

    private static boolean isClean(Throwable failure) {
        return isClean(failure, 0);
    }

    private static boolean isClean(Throwable failure, int depth) {
        String message = failure.getMessage();
        if (depth > MAX_DEPTH || (message != null && !cleaned(message).equals(message))) {
            return false;
        }
        Throwable cause = failure.getCause();
        return (cause == null || isClean(cause, depth + 1))
                && Arrays.stream(failure.getSuppressed()).allMatch(suppressed -> isClean(suppressed, depth + 1));
    }

    private static @Nullable Throwable copyOfCause(Throwable link, int depth) {
        Throwable cause = link.getCause();
        return cause == null || depth > MAX_DEPTH ? null : isClean(cause) ? cause : copy(cause, depth + 1);
    }

    private static Throwable copy(Throwable link, int depth) {
        String message = link.getMessage() == null ? null : cleaned(link.getMessage());
        Throwable cause = copyOfCause(link, depth);
        Throwable copy;
        if (link instanceof SFTPException answer) {
            copy = withCause(new SFTPException(answer.getStatusCode(), message), cause);
        } else if (link instanceof OpenFailException refused) {
            copy = withCause(new OpenFailException(refused.getChannelType(), refused.getReason(), message), cause);
        } else if (link instanceof TransportException broken) {
            copy = new TransportException(broken.getDisconnectReason(), message, cause);
        } else if (link instanceof ConnectionException broken) {
            copy = new ConnectionException(broken.getDisconnectReason(), message, cause);
        } else if (link instanceof UserAuthException refused) {
            copy = new UserAuthException(refused.getDisconnectReason(), message, cause);
        } else if (link instanceof SSHException broken) {
            copy = new SSHException(broken.getDisconnectReason(), message, cause);
        } else if (link instanceof RuntimeException) {
            copy = new SSHRuntimeException(named(link, message), cause);
        } else {
            copy = new IOException(named(link, message), cause);
        }
        copy.setStackTrace(link.getStackTrace());
        return copy;
    }

    private static Throwable withCause(Throwable copy, @Nullable Throwable cause) {
        return cause == null ? copy : copy.initCause(cause);
    }

    /** Names the type, which the copy does not have. */
    private static String named(Throwable original, @Nullable String message) {
        return original.getClass().getName() + (message == null ? "" : ": " + message);
    }

    /** Runs an operation under a limit, and cleans what a server says in its failure: each request passes here. */
    public static <R> R watch(Watchdog watchdog, Duration limit, Watchdog.Operation<R> operation) throws IOException {
        try {
            return watchdog.watch(limit, operation);
        } catch (IOException e) {
            throw cleaned(e);
        } catch (RuntimeException e) {
            throw cleaned(e);
        }
    }
}
