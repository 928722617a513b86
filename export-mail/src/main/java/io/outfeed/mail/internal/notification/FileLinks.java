package io.outfeed.mail.internal.notification;

import io.outfeed.event.RunEvent;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.run.ExportRun;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to files in a mail: those that the host gives, else those of the destinations. A mail whose link fails is
 * sent without it. Immutable.
 */
public final class FileLinks {

    private static final Logger log = LoggerFactory.getLogger(FileLinks.class);

    /** Those of the deliveries of this library. */
    private static final Set<String> DELIVERY_SCHEMES = Set.of("https", "sftp", "ftps", "ftpes");

    private final String id;
    private final @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link;
    private final Set<String> schemes;

    /**
     * Makes the links of a notifier.
     *
     * @param id the id of the notifier, for the log
     * @param link gives a link; null for those of the destinations
     * @param schemes the schemes that a link of the host may have
     */
    public FileLinks(
            String id, @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link, Set<String> schemes) {
        this.id = id;
        this.link = link;
        this.schemes = Set.copyOf(schemes);
    }

    /** The lines below a file: links, or that there is none. */
    List<String> lines(RunEvent event, StagedFile file) {
        return link == null
                ? event.run().deliveries().stream()
                        .filter(delivered -> delivered.path().equals(file.path()))
                        .flatMap(delivered -> event.link(delivered).stream())
                        .flatMap(uri -> checked(uri, file, DELIVERY_SCHEMES).stream())
                        .distinct()
                        .toList()
                : List.of(line(link, event.run(), file));
    }

    private String line(BiFunction<? super ExportRun, ? super StagedFile, URI> ofHost, ExportRun run, StagedFile file) {
        try {
            return checked(ofHost.apply(run, file), file, schemes).orElse("(no link)");
        } catch (Throwable e) { // an Error too: the mail does not depend on the host's code
            log.warn(
                    "Notifier '{}': no link to {} could be had, the mail goes out without it",
                    id,
                    file.path(),
                    Redacted.of(e));
        }
        return "(no link)";
    }

    private Optional<String> checked(@Nullable URI uri, StagedFile file, Set<String> allowed) {
        String problem = problem(uri, allowed);
        if (uri != null && problem.isEmpty()) {
            return Optional.of(uri.toASCIIString());
        }
        log.warn("Notifier '{}': the link to {} {}, the mail goes out without it", id, file.path(), problem);
        return Optional.empty();
    }

    /** Does not repeat the link, which may be all that is needed to open the file. */
    private static String problem(@Nullable URI uri, Set<String> allowed) {
        if (uri == null) {
            return "is null";
        }
        if (uri.getScheme() == null || !allowed.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            return "has another scheme than "
                    + String.join(", ", allowed.stream().sorted().toList());
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            return "has no host";
        }
        return authority.contains("@") ? "has a user" : "";
    }
}
