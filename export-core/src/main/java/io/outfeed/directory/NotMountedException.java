package io.outfeed.directory;

import java.io.Serial;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The directory lacks the file that shows that its file system is mounted: what is missing there may be elsewhere. */
final class NotMountedException extends NoSuchFileException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotMountedException(Path requiredFile) {
        super(requiredFile.toString());
    }
}
