package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.store.JobState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes the directories of a job's deliveries: another directory in the place of the known one takes no file, and
 * says nothing of delivered files. Used by one thread.
 */
public final class KnownDirectories {

    private static final int HASH_DIGITS = 16;

    private final JobStates states;
    private final ExportJob job;

    /** Whether a directory that is not known yet is remembered. */
    private final boolean remember;

    /** What identifies the directories, by their places; null until it is read. */
    private @Nullable Map<String, String> known;

    private KnownDirectories(JobStates states, ExportJob job, boolean remember, @Nullable Map<String, String> known) {
        this.states = states;
        this.job = job;
        this.remember = remember;
        this.known = known;
    }

    /** Returns the directories of a job, to which those are added that it reaches first. */
    public static KnownDirectories of(JobStates states, ExportJob job) {
        return new KnownDirectories(states, job, true, null);
    }

    /**
     * Returns the directories of a job, to which those are added that it reaches first.
     *
     * @param state of the job, read under its lock
     */
    public static KnownDirectories of(JobStates states, ExportJob job, JobState state) {
        return new KnownDirectories(states, job, true, new HashMap<>(state.directories()));
    }

    /** Returns the directories of a job as they are. */
    public static KnownDirectories unchanged(JobStates states, ExportJob job) {
        return new KnownDirectories(states, job, false, null);
    }

    /** Accepts the directory that the next attempt finds at a delivery. Returns whether another one was known. */
    public static boolean forget(JobStates states, ExportJob job, Delivery delivery) {
        return states.forgetDirectory(job.name(), place(delivery));
    }

    /**
     * Checks the directory of a session.
     *
     * @throws DeliveryException if it is another one than before
     */
    void check(Delivery delivery, DeliverySession session) {
        Optional<String> key = HostCalls.callDelivery(
                delivery.id(), "can't find out which directory is there at " + delivery, session::directoryKey);
        if (key.isEmpty()) {
            return;
        }
        String place = place(delivery);
        String found = hash(key.get());
        String before = known().putIfAbsent(place, found);
        if (before == null) {
            if (remember) {
                states.rememberDirectory(job.name(), place, found, placesInUse());
            }
        } else if (!before.equals(found)) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_CHANGED,
                    delivery.id(),
                    "the directory at " + delivery + " is another one than before, in which nothing was delivered yet:"
                            + " if its file system is not mounted, mount it, and the run continues; if it was replaced"
                            + " on purpose, call acceptDirectory of the job's handle (job=" + job.name() + ")",
                    null);
        }
    }

    private Map<String, String> known() {
        if (known == null) {
            known = new HashMap<>(states.directories(job.name()));
        }
        return known;
    }

    private Set<String> placesInUse() {
        return Stream.concat(job.deliveries().stream(), job.copies().stream())
                .map(KnownDirectories::place)
                .collect(Collectors.toSet());
    }

    private static String place(Delivery delivery) {
        return hash(delivery.fingerprint());
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
