package io.outfeed.internal.failure;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a failure comes from, for the history: the types of the causes, the codes of databases and servers, and the
 * place in the code, such as {@code PSQLException (SQLState 08006, vendor code 0) caused by ConnectException, at
 * org.postgresql.core.PGStream.createSocket(PGStream.java:260) in com.example.crm.Visits.read(Visits.java:41)}.
 *
 * <p>Never the message of an exception: one of foreign code may quote a record or a credential.
 */
public final class FailureOrigin {

    private static final int MAX_TYPES = 5;
    private static final int MAX_LENGTH = 500;

    /** An exception may make a new cause each time. */
    private static final int MAX_DEPTH = 100;

    /** A delivery of the host's may put anything there. */
    private static final Pattern STATUS = Pattern.compile("[A-Za-z0-9_.-]{1,40}( [A-Za-z0-9_.-]{1,20})?");

    /** Frames that are no place: of the JDK, and of what makes our own exceptions. */
    private static final Pattern SKIPPED = Pattern.compile("(java|javax|jdk|sun|com\\.sun|io\\.outfeed\\.error)\\..*");

    private FailureOrigin() {}

    /** Returns the origin; empty if the failure is one of ours without a cause or a server's answer: it says all. */
    public static Optional<String> of(Throwable failure) {
        try {
            return describeAll(failure);
        } catch (RuntimeException e) { // a method of the host's exception fails: the run must be recorded all the same
            return Optional.of(simpleName(failure.getClass().getName()));
        }
    }

    private static Optional<String> describeAll(Throwable failure) {
        List<Throwable> chain = chain(failure);
        if (failure instanceof ExportException && codes(failure).isEmpty()) {
            chain.remove(0); // the failure's type is known, and its message has been written by this library
        }
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        String types =
                shortened(chain).stream().map(FailureOrigin::describe).collect(Collectors.joining(" caused by "));
        String origin = types + place(chain).map(frame -> ", at " + frame).orElse("");
        return Optional.of(origin.length() <= MAX_LENGTH ? origin : origin.substring(0, MAX_LENGTH - 1) + "…");
    }

    /** The failure and its causes, each once: they may go round in a circle. */
    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable link = failure;
                link != null && chain.size() < MAX_DEPTH && seen.add(link);
                link = link.getCause()) {
            chain.add(link);
        }
        return chain;
    }

    /** The first ones, and the last one, which began it. */
    private static List<Throwable> shortened(List<Throwable> chain) {
        if (chain.size() <= MAX_TYPES) {
            return chain;
        }
        List<Throwable> shortened = new ArrayList<>(chain.subList(0, MAX_TYPES - 1));
        shortened.add(chain.get(chain.size() - 1));
        return shortened;
    }

    private static String describe(Throwable link) {
        return simpleName(
                        link instanceof Redacted redacted
                                ? redacted.type()
                                : link.getClass().getName())
                + codes(link).map(codes -> " (" + codes + ")").orElse("");
    }

    /** An anonymous class has no simple name of its own. */
    private static String simpleName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Optional<String> codes(Throwable link) {
        if (link instanceof DeliveryException delivery) {
            return delivery.status()
                    .filter(status -> STATUS.matcher(status).matches())
                    .map(status -> "status " + status);
        }
        return link instanceof Redacted redacted ? redacted.sqlCodes() : SqlCodes.of(link);
    }

    /** Where the last cause that has a stack trace was thrown. */
    private static Optional<String> place(List<Throwable> chain) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            StackTraceElement[] frames = chain.get(i).getStackTrace();
            if (frames.length > 0) {
                return Optional.of(place(frames));
            }
        }
        return Optional.empty();
    }

    /** The first frame, and the one that this library has called: of a driver, say, and of the host's source. */
    private static String place(StackTraceElement[] all) {
        List<StackTraceElement> frames = Arrays.stream(all)
                .filter(frame -> !SKIPPED.matcher(frame.getClassName()).matches())
                .toList();
        if (frames.isEmpty()) {
            return text(all[0]);
        }
        List<StackTraceElement> called = frames.stream()
                .takeWhile(frame -> !frame.getClassName().startsWith("io.outfeed."))
                .toList();
        String first = text(frames.get(0));
        boolean calledByUs = called.size() > 1 && called.size() < frames.size();
        return calledByUs ? first + " in " + text(called.get(called.size() - 1)) : first;
    }

    /** Without the names of the class loader and the module. */
    private static String text(StackTraceElement frame) {
        String file = frame.getFileName();
        return frame.getClassName() + "." + frame.getMethodName()
                + (file == null ? "" : "(" + file + ":" + frame.getLineNumber() + ")");
    }
}
