package io.outfeed.mail;

import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the host for links. What goes wrong there costs the link, never the mail. Immutable. */
final class FileLinks {

    private static final Logger log = LoggerFactory.getLogger(FileLinks.class);

    private final String id;
    private final @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link;
    private final Set<String> schemes;

    FileLinks(String id, @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link, Set<String> schemes) {
        this.id = id;
        this.link = link;
        this.schemes = Set.copyOf(schemes);
    }

    /** What stands below a file: a link, a word that there is none, or nothing where nobody gives links. */
    Optional<String> line(ExportRun run, StagedFile file) {
        if (link == null) {
            return Optional.empty();
        }
        try {
            URI uri = link.apply(run, file);
            String problem = problem(uri);
            if (problem.isEmpty()) {
                return Optional.of(uri.toASCIIString());
            }
            log.warn("Notifier '{}': the link to {} {}, the mail goes out without it", id, file.path(), problem);
        } catch (Throwable e) { // an Error too: it is not the mail's
            log.warn("Notifier '{}': no link to {} could be had, the mail goes out without it", id, file.path(), e);
        }
        return Optional.of("(no link)");
    }

    /** Does not repeat the link, which may let in whoever has it. */
    private String problem(@Nullable URI uri) {
        if (uri == null) {
            return "is null";
        }
        if (uri.getScheme() == null || !schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            return "has another scheme than "
                    + String.join(", ", schemes.stream().sorted().toList());
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            return "has no host";
        }
        return authority.contains("@") ? "has a user" : "";
    }
}
