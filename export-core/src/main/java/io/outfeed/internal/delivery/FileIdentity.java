package io.outfeed.internal.delivery;

import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.Inspection.Presence;
import io.outfeed.internal.delivery.RenameVerdict.Target;
import io.outfeed.run.file.PublicationRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Recognizes an uploaded file under its final name, by what was seen before the request to rename it. The size alone
 * proves nothing: two files that have a header only have the same.
 */
final class FileIdentity {

    private FileIdentity() {}

    /**
     * Tells what has the final name.
     *
     * @param now what the destination says of the final name now
     * @param bytes the size of the uploaded file
     * @param sameContent reads the file back, if the destination can; called only if nothing else decides
     */
    static Target of(PublicationRequest request, Inspection now, long bytes, Supplier<Boolean> sameContent) {
        if (now.presence() == Presence.NOT_SAID) {
            return Target.NOT_SAID;
        }
        if (now.presence() != Presence.PRESENT || now.bytes() != bytes) {
            return Target.NOT_OURS;
        }
        Optional<String> uploaded = request.temporary().fileKey();
        if (uploaded.isPresent() && now.fileKey().isPresent()) {
            return uploaded.equals(now.fileKey()) ? Target.OURS : Target.NOT_OURS;
        }
        if (!differs(request.occupant(), now)) {
            return Target.NOT_OURS;
        }
        boolean sameTime = now.modifiedAt().isPresent()
                && now.modifiedAt().equals(request.temporary().modifiedAt());
        return sameTime || sameContent.get() ? Target.OURS : Target.NOT_OURS;
    }

    /** Whether another file than before has the name; false if that is not said. */
    private static boolean differs(Inspection before, Inspection now) {
        return switch (before.presence()) {
            case MISSING, DIRECTORY_MISSING, OTHER -> true;
            case NOT_SAID -> false;
            case PRESENT ->
                before.bytes() != now.bytes()
                        || differs(before.modifiedAt(), now.modifiedAt())
                        || differs(before.fileKey(), now.fileKey());
        };
    }

    private static boolean differs(Optional<?> before, Optional<?> now) {
        return before.isPresent() && now.isPresent() && !before.equals(now);
    }
}
