package io.outfeed.support;

import static io.outfeed.support.SimulatedProcess.proxy;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.error.DeliveryException;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.lang.reflect.Method;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Numbers the contacts with a destination that a lie is about, and lets the lie be told at one of them, or at all; the
 * process may crash right after one of them. A connection on which an answer was withheld stays broken.
 */
public final class LiePlan {

    /** How often the lie is told. */
    public enum Telling {
        ONCE,
        ALWAYS
    }

    /** By what the destination lets a file be recognized that has another name than before. */
    public enum Recognition {
        KEY,
        /** Size and time of modification. */
        TIME,
        /** Its bytes, read back. */
        CONTENT,
        /** It says nothing of its files. */
        NOTHING
    }

    private final LyingDelivery liar;
    private final Lie lie;
    private final Telling telling;
    private final boolean crash;
    private final Recognition recognition;
    private final int at;
    private final SimulatedProcess process = new SimulatedProcess();
    private int contacts;
    private boolean happened;

    /**
     * @param crash whether the process crashes after a contact
     * @param at the number of the contact at which a lie is told once, and after which the process crashes, from 0
     */
    public LiePlan(LyingDelivery liar, Lie lie, Telling telling, boolean crash, Recognition recognition, int at) {
        this.liar = liar;
        this.lie = lie;
        this.telling = telling;
        this.crash = crash;
        this.recognition = recognition;
        this.at = at;
    }

    /** Returns a plan without lies, for the same destination. */
    public LiePlan honest() {
        return new LiePlan(liar, lie, Telling.ONCE, false, recognition, Integer.MAX_VALUE);
    }

    /** Whether the contact was reached. */
    public boolean happened() {
        return happened;
    }

    public ExportStore wrap(ExportStore store) {
        return process.wrap(store);
    }

    /** Returns a destination as the process contacts it. */
    public Delivery wrap(Delivery delivery) {
        return proxy(Delivery.class, (proxy, method, arguments) -> {
            Object answer = process.alive(() -> method.invoke(delivery, arguments));
            if (!(answer instanceof DeliverySession session)) {
                return answer;
            }
            return delivery == liar ? new Session(session).wrapped() : honest(session);
        });
    }

    private DeliverySession honest(DeliverySession session) {
        return proxy(
                DeliverySession.class,
                (proxy, method, arguments) -> process.alive(() -> method.invoke(session, arguments)));
    }

    private static String operation(Lie lie) {
        return switch (lie) {
            case UPLOAD_TAKEN, UPLOAD_TAKEN_AND_NOTICED, UPLOAD_OVER_QUOTA, DOT_FILES_REFUSED -> "prepare";
            case NOTHING_SAID -> "inspect";
            default -> "publish";
        };
    }

    /** A connection to the destination that lies. */
    private final class Session {

        private final DeliverySession session;
        private boolean broken;

        private Session(DeliverySession session) {
            this.session = session;
        }

        private DeliverySession wrapped() {
            return proxy(DeliverySession.class, (proxy, method, arguments) -> {
                process.checkAlive();
                if (broken && !method.getName().equals("close")) {
                    throw DeliveryException.retryable(liar.id(), "the connection is broken", null);
                }
                return switch (method.getName()) {
                    case "inspect" -> recognized((Inspection) contact(method, arguments));
                    case "sha256" -> sha256((String) arguments[0]);
                    default -> contact(method, arguments);
                };
            });
        }

        private Object contact(Method method, Object... arguments) throws Throwable {
            if (!method.getName().equals(operation(lie))) {
                return process.alive(() -> method.invoke(session, arguments));
            }
            boolean now = contacts++ == at;
            if (now && telling == Telling.ONCE) {
                liar.tell(lie);
            }
            int before = liar.told().size();
            try {
                return process.alive(() -> method.invoke(session, arguments));
            } finally {
                if (telling == Telling.ONCE) {
                    liar.beHonest(); // it may not have come to it
                }
                broken |= liar.told().size() > before && lie.name().contains("UNANSWERED_");
                happened |= now;
                if (now && crash) {
                    crash(method.getName());
                }
            }
        }

        private void crash(String step) {
            throw process.crash(step);
        }

        private Inspection recognized(Inspection found) {
            boolean present = found.presence() == Inspection.Presence.PRESENT;
            return switch (recognition) {
                case KEY -> found;
                case NOTHING -> Inspection.notSaid();
                case TIME ->
                    present
                            ? Inspection.present(found.bytes(), found.fileKey().map(LiePlan::time), Optional.empty())
                            : found;
                case CONTENT -> present ? Inspection.present(found.bytes()) : found;
            };
        }

        private Optional<String> sha256(String location) throws NoSuchAlgorithmException {
            if (recognition != Recognition.CONTENT) {
                return Optional.empty();
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return liar.destination().files().stream()
                    .filter(file -> file.path().equals(location))
                    .map(DeliveredFile::bytes)
                    .map(bytes -> HexFormat.of().formatHex(digest.digest(bytes)))
                    .findFirst();
        }
    }

    /** A time that only the file with this key has. */
    private static Instant time(String key) {
        return Instant.ofEpochSecond(Long.parseLong(key.replaceAll("\\D", "")));
    }
}
