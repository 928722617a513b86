package io.outfeed.internal.delivery;

import io.outfeed.delivery.PreparedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;

/** Uploads files under temporary names. Used by one thread. */
final class FileUploader {

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;

    FileUploader(RunDelivery delivery, Destinations destinations, RetryingCalls calls, StagedBytes bytes) {
        this.delivery = delivery;
        this.destinations = destinations;
        this.calls = calls;
        this.bytes = bytes;
    }

    PreparedFile upload(ExportRun run, FileDelivery step) {
        bytes.verify(run, step);
        PreparedFile prepared = calls.call(
                run,
                step,
                tries -> destinations.sessionFor(run, step.delivery()).prepare(delivery.outgoing(run, step)));
        if (prepared.temporary().isPresent()) {
            delivery.meter().countFileSent();
        }
        return prepared;
    }
}
