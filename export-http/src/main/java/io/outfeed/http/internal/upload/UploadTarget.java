package io.outfeed.http.internal.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.internal.io.TextDigest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where files are uploaded to: a folder, or the address that takes all of them. Immutable. */
public final class UploadTarget {

    private static final int BYTES_OF_DIGEST = 16;
    private static final String UNRESERVED = "-._~";

    private final URI address;

    public UploadTarget(URI address) {
        this.address = address;
    }

    /** What is wrong with the address; repeats no part of it. */
    public static List<String> problems(URI address, boolean folder, boolean unencrypted) {
        List<String> problems = new ArrayList<>();
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null) {
            problems.add("the address has no host: it is such as https://files.example.org/exports/");
        } else if (unencrypted && !scheme.equals("http")) {
            problems.add("the address is not http: leave out withoutEncryption");
        } else if (!unencrypted && !scheme.equals("https")) {
            problems.add(
                    "the address is not https: set withoutEncryption, which says what it costs, or another address");
        }
        if (address.getRawUserInfo() != null) {
            problems.add("the address has a user: set basicLogin, bearer or secretHeader instead");
        }
        if (address.getRawFragment() != null) {
            problems.add("the address has a fragment, which is not sent");
        }
        if (folder && address.getRawQuery() != null) {
            problems.add("the address has a query: files are put into a folder, whose address has none");
        }
        return problems;
    }

    /** The address itself, which takes the requests without a file. */
    URI address() {
        return address;
    }

    /** The host, with its port if the address has one. */
    public String server() {
        return address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    /** The address without its query, which may have a secret. */
    public String visible() {
        return address.getScheme() + "://" + server()
                + Optional.ofNullable(address.getRawPath()).orElse("");
    }

    /** What distinguishes the address from others; a query by its digest. */
    public String fingerprint() {
        String query = address.getRawQuery();
        return visible()
                + (query == null ? "" : "?" + new TextDigest().add(query).hex(BYTES_OF_DIGEST));
    }

    // ---- files of a folder

    /** Returns where a file of a folder appears. */
    String location(String path) {
        return folder() + encoded(path);
    }

    /** Returns the folders of a path below the address, the outer one first. */
    List<URI> folders(String path) {
        List<URI> folders = new ArrayList<>();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            folders.add(URI.create(folder() + encoded(path.substring(0, slash)) + "/"));
        }
        return folders;
    }

    /**
     * Returns the address of a location, which may come from a damaged ledger.
     *
     * @return empty if it is not below this folder
     */
    public Optional<URI> below(String location) {
        String rest = location.startsWith(folder()) ? location.substring(folder().length()) : "";
        boolean safe = !rest.isEmpty()
                && List.of(rest.split("/", -1)).stream()
                        .noneMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."))
                && rest.chars().allMatch(c -> isUnreserved(c) || c == '/' || c == '%');
        return safe ? Optional.of(URI.create(location)) : Optional.empty();
    }

    private String folder() {
        String visible = visible();
        return visible.endsWith("/") ? visible : visible + "/";
    }

    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(UTF_8)) {
            if (b == '/' || isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", b));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c >= 0 && UNRESERVED.indexOf(c) >= 0);
    }

    /** The address without its query. */
    @Override
    public String toString() {
        return visible();
    }
}
