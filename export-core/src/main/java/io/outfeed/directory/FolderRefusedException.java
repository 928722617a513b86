package io.outfeed.directory;

import java.io.IOException;
import java.nio.file.Path;

/** Something else than a real directory has the name of a folder. */
final class FolderRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    FolderRefusedException(Path folder, boolean link) {
        super("the folder " + folder + (link ? " is a link" : " is no directory"));
    }
}
