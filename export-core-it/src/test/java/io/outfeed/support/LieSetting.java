package io.outfeed.support;

import io.outfeed.RetryPolicy;
import io.outfeed.delivery.IfVanished;
import io.outfeed.support.LiePlan.Crash;
import io.outfeed.support.LiePlan.Recognition;
import io.outfeed.support.LiePlan.Telling;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A lie of a destination, and what else is so when it is told.
 *
 * @param lie the lie
 * @param telling how often it is told
 * @param crash whether the exporter crashes after it
 * @param recognition by what the destination lets files be recognized
 * @param place where the destination is in the list of the job
 * @param receiver what the receivers do
 * @param name how the files are named
 * @param extras what belongs to each file
 * @param ifVanished what becomes of a file that has vanished
 * @param retries how often a contact is tried at once
 */
public record LieSetting(
        Lie lie,
        Telling telling,
        Crash crash,
        Recognition recognition,
        Place place,
        Receiver receiver,
        Naming name,
        Extras extras,
        IfVanished ifVanished,
        RetryPolicy retries) {

    public enum Place {
        ALONE,
        BEFORE_AN_HONEST_ONE,
        AFTER_AN_HONEST_ONE
    }

    public enum Receiver {
        LEAVES_FILES,
        /** Also between a crash and the next start. */
        TAKES_FILES_AT_ONCE,
        /** And removes temporary files each hour. */
        LEAVES_FILES_AND_CLEANS_UP
    }

    public enum Extras {
        NOTHING,
        MANIFEST_AND_DONE_FILE
    }

    private static final List<RetryPolicy> RETRIES = List.of(RetryPolicy.none(), new RetryPolicy(2, Duration.ZERO));

    /** Returns all settings that a host may meet, without those that show nothing new. */
    public static List<LieSetting> all() {
        List<LieSetting> settings = new ArrayList<>();
        for (Lie lie : Lie.values()) {
            for (Telling telling : Telling.values()) {
                for (Crash crash : Crash.values()) {
                    for (Recognition recognition : Recognition.values()) {
                        for (Place place : Place.values()) {
                            for (Receiver receiver : Receiver.values()) {
                                for (Naming name : Naming.values()) {
                                    for (Extras extras : Extras.values()) {
                                        for (IfVanished ifVanished : IfVanished.values()) {
                                            for (RetryPolicy retries : RETRIES) {
                                                settings.add(new LieSetting(
                                                        lie,
                                                        telling,
                                                        crash,
                                                        recognition,
                                                        place,
                                                        receiver,
                                                        name,
                                                        extras,
                                                        ifVanished,
                                                        retries));
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return settings.stream()
                .filter(LieSetting::isPossible)
                .filter(LieSetting::isTried)
                .toList();
    }

    public boolean takesAtClose() {
        return lie == Lie.CLOSE_UNANSWERED;
    }

    public boolean leavesFiles() {
        return receiver != Receiver.TAKES_FILES_AT_ONCE;
    }

    public boolean crashes() {
        return crash != Crash.NEVER;
    }

    /** Whether a file that became visible before the crash is gone after it. */
    public boolean takenAtCrash() {
        return crashes() && receiver == Receiver.TAKES_FILES_AT_ONCE;
    }

    /** What is independent is not tried together. */
    private boolean isTried() {
        boolean retried = !retries.equals(RetryPolicy.none());
        if (crash == Crash.LATER && (telling == Telling.ALWAYS || place != Place.ALONE)) {
            return false;
        }
        if (retried || crash == Crash.LATER || place != Place.ALONE || extras != Extras.NOTHING) {
            return name == Naming.WITH_SEQUENCE
                    && recognition == Recognition.KEY
                    && receiver == Receiver.LEAVES_FILES
                    && !(retried && crashes());
        }
        if (receiver == Receiver.LEAVES_FILES_AND_CLEANS_UP && recognition != Recognition.KEY) {
            return false;
        }
        boolean unusualName = name == Naming.KEEP_BOTH || name == Naming.WAITING;
        if (unusualName && (recognition != Recognition.KEY || ifVanished != IfVanished.ASSUME_TAKEN)) {
            return false;
        }
        if (telling == Telling.ALWAYS && crashes() && recognition != Recognition.KEY) {
            return false;
        }
        return mayHide(lie) || !crashes() || name == Naming.WITH_SEQUENCE;
    }

    private boolean isPossible() {
        boolean leaves = leavesFiles();
        if (ifVanished == IfVanished.SEND_AGAIN && !mayHide(lie)) {
            return false;
        }
        if (name == Naming.WAITING && leaves) {
            return false; // the run would wait for ever
        }
        if (receiver == Receiver.LEAVES_FILES_AND_CLEANS_UP && (crashes() || lie == Lie.RENAME_DONE_BUT_NOT)) {
            return false; // what was requested and is gone may have been taken
        }
        if (takesAtClose() && (name == Naming.KEEP_BOTH || name == Naming.WAITING)) {
            return false; // no file is seen there
        }
        if (takesAtClose() && crash == Crash.LATER) {
            return false; // it would be a crash in the next file, which hides as much as the lie
        }
        if (lie == Lie.RENAME_COPIES && takenAtCrash()) {
            return false; // as if nothing had been done: the temporary file is there, and no other
        }
        return switch (recognition) {
            case KEY -> true;
            case TIME, CONTENT -> mayHide(lie) && !takesAtClose();
            case NOTHING -> failsTruly(lie) && !(leaves && findsItself());
        };
    }

    /** Whether a file that is sent again finds its name taken, by itself. */
    private boolean findsItself() {
        return ifVanished == IfVanished.SEND_AGAIN && name != Naming.REPLACED;
    }

    /** A destination that says nothing of its files must at least not say that it has done what it has not. */
    private static boolean failsTruly(Lie lie) {
        return switch (lie) {
            case RENAME_FAILED_BUT_DONE,
                    RENAME_FAILED_BUT_TAKEN,
                    RENAME_UNANSWERED_BUT_DONE,
                    RENAME_UNANSWERED_BUT_TAKEN,
                    RENAME_DENIED -> true;
            default -> false;
        };
    }

    private static boolean mayHide(Lie lie) {
        return hides(lie) || hidesUnlessInspected(lie);
    }

    /** Whether nothing shows that a file became visible. */
    public static boolean hides(Lie lie) {
        return switch (lie) {
            case RENAME_FAILED_BUT_TAKEN, RENAME_MISSING_BUT_TAKEN, RENAME_UNANSWERED_BUT_TAKEN, CLOSE_UNANSWERED ->
                true;
            default -> false;
        };
    }

    /** Whether the answer does not say that a file became visible, which is there. */
    public static boolean hidesUnlessInspected(Lie lie) {
        return switch (lie) {
            case RENAME_FAILED_BUT_DONE, RENAME_MISSING_BUT_DONE, RENAME_UNANSWERED_BUT_DONE -> true;
            default -> false;
        };
    }

    /** Whether uploads arrive under their temporary names. */
    public static boolean takesUploads(Lie lie) {
        return lie == Lie.UPLOAD_TAKEN || lie == Lie.UPLOAD_TAKEN_AND_NOTICED;
    }
}
