package io.outfeed.view;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of a run and where it is, for JSON. Immutable.
 *
 * @param path its path below the directory of a destination
 * @param role the name of the {@link io.outfeed.file.FileRole}
 * @param definition the name of the definition; empty for a file of the whole run
 * @param rows the number of its records
 * @param bytes its size
 * @param sha256 the hash of its bytes
 * @param destinations what became of it at each delivery of the run, in order
 */
public record FileView(
        String path,
        String role,
        String definition,
        long rows,
        long bytes,
        String sha256,
        List<Destination> destinations) {

    /**
     * What became of a file at one delivery. Immutable.
     *
     * @param delivery the id of the delivery
     * @param path its path there, which differs from that of the file where both were kept
     * @param state the name of the {@link io.outfeed.run.file.DeliveryState}
     * @param location where the destination says that it is; null before it is published
     * @param publication the name of the {@link io.outfeed.delivery.Publication}; null before it is published
     * @param repeated whether it may have been sent twice
     * @param refusedRecipients how many recipients of a mail have refused it
     * @param publishedAt when it was published, in ISO 8601; null before
     * @param deletedAt when it was deleted, since its retention was over; null if it was not
     */
    public record Destination(
            String delivery,
            String path,
            String state,
            @Nullable String location,
            @Nullable String publication,
            boolean repeated,
            int refusedRecipients,
            @Nullable String publishedAt,
            @Nullable String deletedAt) {

        /**
         * Shows what became of a file at one delivery.
         *
         * @param delivery the state of the file there
         * @return its view
         */
        public static Destination of(FileDelivery delivery) {
            return new Destination(
                    delivery.delivery(),
                    delivery.path(),
                    delivery.state().name(),
                    delivery.receipt().map(DeliveryReceipt::location).orElse(null),
                    delivery.receipt()
                            .map(receipt -> receipt.publication().name())
                            .orElse(null),
                    delivery.repeated()
                            || delivery.receipt().map(DeliveryReceipt::repeated).orElse(false),
                    delivery.receipt().map(receipt -> receipt.refused().size()).orElse(0),
                    delivery.publishedAt().map(Instant::toString).orElse(null),
                    delivery.deletedAt().map(Instant::toString).orElse(null));
        }
    }

    /**
     * Makes a view.
     *
     * @param path its path below the directory of a destination
     * @param role the role
     * @param definition the name of the definition
     * @param rows the number of its records
     * @param bytes its size
     * @param sha256 the hash of its bytes
     * @param destinations what became of it at each delivery
     */
    public FileView {
        destinations = List.copyOf(destinations);
    }

    /**
     * Shows a file of a run.
     *
     * @param run the run
     * @param file one of its files
     * @return its view
     */
    public static FileView of(ExportRun run, StagedFile file) {
        List<Destination> destinations = run.deliveries().stream()
                .filter(delivery -> delivery.path().equals(file.path()))
                .map(Destination::of)
                .toList();
        return new FileView(
                file.path(),
                file.role().name(),
                file.definition(),
                file.rows(),
                file.bytes(),
                file.sha256(),
                destinations);
    }
}
