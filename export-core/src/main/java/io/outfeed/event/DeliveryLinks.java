package io.outfeed.event;

import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.net.URI;
import java.util.Optional;

/**
 * Gives links to published files, as the deliveries of the job have them now. Thread-safe.
 */
@FunctionalInterface
public interface DeliveryLinks {

    /** Gives no links: of events that no engine has published. */
    DeliveryLinks NONE = (run, file) -> Optional.empty();

    /**
     * Returns a link by which a person opens a published file.
     *
     * <p>Effects: none. Nothing is connected.
     *
     * @param run the run
     * @param file one of its deliveries
     * @return the link, which may carry a permission that ends: do not store or log it; empty if the file is not
     *     published, was deleted, or if its delivery has no links
     */
    Optional<URI> link(ExportRun run, FileDelivery file);
}
