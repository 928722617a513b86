package io.outfeed.directory;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import java.nio.file.Path;

/**
 * Delivery to a directory of this machine or of a mounted file system.
 *
 * <p>The file is written under a temporary name, flushed to the disk and renamed. Immutable and thread-safe.
 */
public final class DirectoryDelivery implements Delivery {

    private final String id;
    private final Path directory;

    private final Protection protection;

    private DirectoryDelivery(String id, Path directory, Protection protection) {
        this.id = id;
        this.directory = directory;
        this.protection = protection;
    }

    /**
     * Makes a delivery to a directory. The directory must exist when a file is delivered; folders below it are made. It
     * counts as {@link Protection#PLAIN}: who can read the directory, and whether a share is mounted encrypted, is
     * unknown.
     *
     * @param id what the ledger calls this destination
     * @param directory the directory
     * @return the delivery
     * @throws io.outfeed.error.InvalidDefinitionException if the id is no safe name
     */
    public static DirectoryDelivery to(String id, Path directory) {
        return to(id, directory, Protection.PLAIN);
    }

    /**
     * Makes a delivery to a directory of which the host knows whether it is protected. The directory must exist when a
     * file is delivered; folders below it are made.
     *
     * @param id what the ledger calls this destination
     * @param directory the directory
     * @param protection {@link Protection#PROTECTED} if only authorized readers can read the directory, and a share is
     *     mounted encrypted: sensitive fields may be sent there; this is not verified
     * @return the delivery
     * @throws io.outfeed.error.InvalidDefinitionException if the id is no safe name
     */
    public static DirectoryDelivery to(String id, Path directory, Protection protection) {
        requireNonNull(directory, "directory");
        requireNonNull(protection, "protection");
        Problems problems = new Problems();
        SafeName.problem(id).ifPresent(problem -> problems.add("id '" + id + "': " + problem));
        problems.throwIfAny("directory delivery");
        return new DirectoryDelivery(id, directory, protection);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Protection protection() {
        return protection;
    }

    @Override
    public String fingerprint() {
        return id + " " + directory;
    }

    @Override
    public DeliverySession open() {
        return new DirectorySession(id, directory);
    }

    @Override
    public String toString() {
        return "directory delivery '" + id + "' to " + directory;
    }
}
