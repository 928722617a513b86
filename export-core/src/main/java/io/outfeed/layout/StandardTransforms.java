package io.outfeed.layout;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import java.util.List;

/** The transforms of files of this module. */
final class StandardTransforms {

    private static final Argument<Integer> LEVEL =
            Argument.integer("level", 1, 9).optional();

    private StandardTransforms() {}

    static List<Choice<FileTransform>> all() {
        return List.of(
                Choice.of("gzip", with -> with.find(LEVEL).map(Gzip::level).orElse(Gzip.defaults()), LEVEL),
                Choice.of("zip", with -> with.find(LEVEL).map(Zip::level).orElse(Zip.defaults()), LEVEL));
    }
}
