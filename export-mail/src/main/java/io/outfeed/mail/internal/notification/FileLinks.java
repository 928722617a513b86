package io.outfeed.mail.internal.notification;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.run.ExportRun;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links of the host to its files. A mail whose link fails is sent without it. Immutable. */
public final class FileLinks {

    private static final Logger log = LoggerFactory.getLogger(FileLinks.class);

    private final String id;
    private final @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link;
    private final Set<String> schemes;

    /**
     * Makes the links of a notifier.
     *
     * @param id the id of the notifier, for the log
     * @param link gives a link, or null
     * @param schemes the schemes that a link may have
     */
    public FileLinks(
            String id, @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link, Set<String> schemes) {
        this.id = id;
        this.link = link;
        this.schemes = Set.copyOf(schemes);
    }

    /** The line below a file: a link, or that there is none; empty if the notifier has no links. */
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
        } catch (Throwable e) { // an Error too: the mail does not depend on the host's code
            log.warn(
                    "Notifier '{}': no link to {} could be had, the mail goes out without it",
                    id,
                    file.path(),
                    Redacted.of(e));
        }
        return Optional.of("(no link)");
    }

    /** Does not repeat the link, which may be all that is needed to open the file. */
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
