package io.outfeed.internal.failure;

import io.outfeed.error.ExportException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serial;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an exception that was thrown while a record or a secret was at hand, without its message, which may quote
 * it. The type and the stack trace stay, and so do messages that the JDK makes about files and connections.
 */
public final class Redacted extends RuntimeException {

    /** An exception may make a new cause each time. */
    private static final int MAX_DEPTH = 10;

    private static final Pattern JDK = Pattern.compile("(java|javax|sun|jdk|com\\.sun)\\..*");

    @Serial
    private static final long serialVersionUID = 1L;

    /** The name of the class of the original. */
    private final String type;

    /** What an original of the database says about itself, without a message. */
    private final @Nullable String sqlCodes;

    private Redacted(Throwable original, @Nullable Throwable cause) {
        super(text(original), cause);
        this.type = original.getClass().getName();
        this.sqlCodes = SqlCodes.of(original).orElse(null);
    }

    String type() {
        return type;
    }

    Optional<String> sqlCodes() {
        return Optional.ofNullable(sqlCodes);
    }

    /** Copies type, stack trace and causes; those of this library keep their messages. */
    public static Redacted of(Throwable original) {
        return of(original, 0);
    }

    /** Returns an exception itself if it says only what the JDK says about files and connections, else a copy. */
    static Throwable unlessHarmless(Throwable original) {
        return isHarmless(original, 0) ? original : of(original);
    }

    private static boolean isHarmless(Throwable original, int depth) {
        if (depth > MAX_DEPTH || !isOfSystem(original)) {
            return false;
        }
        Throwable cause = original.getCause();
        return (cause == null || isHarmless(cause, depth + 1))
                && Arrays.stream(original.getSuppressed()).allMatch(suppressed -> isHarmless(suppressed, depth + 1));
    }

    private static String text(Throwable original) {
        String type = original.getClass().getName();
        if (original instanceof ExportException || original instanceof Redacted || isOfSystem(original)) {
            String message = original.getMessage();
            return message == null || original instanceof Redacted ? String.valueOf(message) : type + ": " + message;
        }
        return type + " (its message is left out, since it may quote a record)";
    }

    /** Whether the JDK has made an exception of a file or a connection: the message has a path, a host, or a reason. */
    private static boolean isOfSystem(Throwable original) {
        boolean known = original instanceof FileSystemException
                || original instanceof SocketException
                || original instanceof SocketTimeoutException
                || original instanceof UnknownHostException
                || original instanceof SSLException
                || original instanceof ClosedChannelException
                || original.getClass() == IOException.class
                || original.getClass() == EOFException.class
                || original.getClass() == FileNotFoundException.class;
        StackTraceElement[] trace = original.getStackTrace();
        return known && trace.length > 0 && JDK.matcher(trace[0].getClassName()).matches() && !quotesUrl(original);
    }

    /** The JDK's client of HTTP quotes the whole address, which may have a token in it, or the key of a record. */
    private static boolean quotesUrl(Throwable original) {
        return String.valueOf(original.getMessage()).contains("://");
    }

    private static Redacted of(Throwable original, int depth) {
        Throwable cause = original.getCause();
        Redacted redacted = new Redacted(original, cause == null || depth > MAX_DEPTH ? null : of(cause, depth + 1));
        redacted.setStackTrace(original.getStackTrace());
        return redacted;
    }
}
