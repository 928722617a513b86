package io.outfeed.directory;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.file.FileNames;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.text.PathPart;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Delivery to a directory of this machine or of a mounted file system.
 *
 * <p>The file is written under a temporary name, flushed to the disk and renamed. The directory must exist when a file
 * is delivered; folders below it are made. The directory itself may be a link; below it none is followed, since others
 * may be able to write there: a link in the place of a folder or of the temporary file is refused, and a link that has
 * the final name is replaced itself, where files are replaced. On systems that can't work in an open directory, such as
 * Windows, the time between the check and the rename remains.
 *
 * <p>Immutable and thread-safe.
 */
public final class DirectoryDelivery implements Delivery {

    private static final Pattern PERMISSIONS = Pattern.compile("([r-][w-][x-]){3}");

    /** Only an encoding of Unicode has all of them. */
    private static final String LETTERS_OF_SOME_SCRIPTS = "\u00e9\u6771\u0639\ud800\udf30";

    private final String id;
    private final Path directory;
    private final Protection protection;
    private final @Nullable Set<PosixFilePermission> permissions;
    private final @Nullable String requiredFile;
    private final IfReplaced ifReplaced;
    private final TemporaryNames temporaryNames;

    private DirectoryDelivery(Builder builder) {
        this.id = builder.id;
        this.directory = builder.directory;
        this.protection = builder.protection;
        this.permissions =
                builder.permissions == null ? null : Set.copyOf(PosixFilePermissions.fromString(builder.permissions));
        this.requiredFile = builder.requiredFile;
        this.ifReplaced = builder.ifReplaced;
        this.temporaryNames = builder.temporaryNames;
    }

    /**
     * Makes a delivery to a directory, with the defaults of {@link #builder}.
     *
     * @param id what the ledger calls this destination
     * @param directory the directory
     * @return the delivery
     * @throws io.outfeed.error.InvalidDefinitionException if the id is no safe name
     */
    public static DirectoryDelivery to(String id, Path directory) {
        return builder(id, directory).build();
    }

    /**
     * Starts a delivery.
     *
     * @param id what the ledger calls this destination
     * @param directory the directory
     * @return a builder with the defaults
     */
    public static Builder builder(String id, Path directory) {
        return new Builder(requireNonNull(id, "id"), requireNonNull(directory, "directory"));
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
    public String server() {
        return directory.toString();
    }

    /** {@link FileNames#UNICODE} where the file system, in the locale of the JVM, can have such names. */
    @Override
    public FileNames fileNames() {
        try {
            Path unused = directory.resolve(LETTERS_OF_SOME_SCRIPTS);
            return FileNames.UNICODE;
        } catch (InvalidPathException e) {
            return FileNames.PORTABLE;
        }
    }

    @Override
    public DeliverySession open() {
        return new DirectorySession(
                id, directory, new RealFolders(directory, true, requiredFile), permissions, ifReplaced, temporaryNames);
    }

    @Override
    public String toString() {
        return "directory delivery '" + id + "' to " + directory;
    }

    /** Collects the options of a delivery to a directory. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final Path directory;
        private Protection protection = Protection.PLAIN;
        private @Nullable String permissions;
        private @Nullable String requiredFile;
        private IfReplaced ifReplaced = IfReplaced.WAIT;
        private TemporaryNames temporaryNames = TemporaryNames.hidden();

        private Builder(String id, Path directory) {
            this.id = id;
            this.directory = directory;
        }

        /**
         * Sets whether the directory is protected. Default: {@link Protection#PLAIN}, since it is unknown who can read
         * it, and whether a share is mounted encrypted.
         *
         * @param protection {@link Protection#PROTECTED} if only authorized readers can read the directory, and a share
         *     is mounted encrypted: sensitive fields may be sent there; this is not verified. Replaces the one set
         *     before
         * @return this builder
         */
        public Builder protection(Protection protection) {
            this.protection = requireNonNull(protection, "protection");
            return this;
        }

        /**
         * Sets the permissions of the files. They have them from their first moment, before anything is written. If the
         * umask of the process or the file system does not grant all of them, the delivery fails; nothing is written
         * then. Folders that are made get what the umask allows. Default: what the umask allows.
         *
         * @param permissions such as {@code rw-r-----}; replaces the ones set before
         * @return this builder
         */
        public Builder permissions(String permissions) {
            this.permissions = requireNonNull(permissions, "permissions");
            return this;
        }

        /**
         * Names a file that is in the directory as long as its file system is mounted. Without it nothing is delivered,
         * and no delivered file counts as missing: the run waits with {@link
         * io.outfeed.error.FailureCode#DESTINATION_MISSING}. Default: none; a file system that is away at the first
         * delivery is not noticed then.
         *
         * @param name such as {@code .mounted}; a name without a separator. Replaces the one set before
         * @return this builder
         */
        public Builder requireFile(String name) {
            this.requiredFile = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets what happens when another directory has taken the place of the one that was delivered to before, such as
         * the mount point of a file system that is away. Recognized by the number of its inode; ignored where the file
         * system has none. Default: {@link IfReplaced#WAIT}.
         *
         * @param ifReplaced the choice; replaces the one set before
         * @return this builder
         */
        public Builder ifReplaced(IfReplaced ifReplaced) {
            this.ifReplaced = requireNonNull(ifReplaced, "ifReplaced");
            return this;
        }

        /**
         * Sets the names of files until they are published. Default: {@link TemporaryNames#hidden}.
         *
         * @param temporaryNames the names; replaces the ones set before
         * @return this builder
         */
        public Builder temporaryNames(TemporaryNames temporaryNames) {
            this.temporaryNames = requireNonNull(temporaryNames, "temporaryNames");
            return this;
        }

        /**
         * Makes the delivery.
         *
         * @return the delivery
         * @throws io.outfeed.error.InvalidDefinitionException if the id is no safe name, or the permissions are not
         *     like {@code rw-r-----}, or the file system of the directory has none, or the required file is no name
         */
        public DirectoryDelivery build() {
            Problems problems = new Problems();
            SafeName.problem(id).ifPresent(problem -> problems.add("id '" + id + "': " + problem));
            if (permissions != null) {
                permissionsProblem(permissions).ifPresent(problems::add);
            }
            problems.addIf(
                    requiredFile != null && !PathPart.isPlain(requiredFile),
                    "requireFile '" + requiredFile + "' is no name of a file in the directory: such as .mounted");
            problems.throwIfAny("directory delivery");
            return new DirectoryDelivery(this);
        }

        private Optional<String> permissionsProblem(String wanted) {
            if (!PERMISSIONS.matcher(wanted).matches()) {
                return Optional.of("permissions '" + wanted + "' are not like rw-r-----");
            }
            return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                    ? Optional.empty()
                    : Optional.of("permissions '" + wanted + "' can't be given here: the file system has none");
        }
    }
}
