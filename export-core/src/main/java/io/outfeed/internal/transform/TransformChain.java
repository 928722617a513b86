package io.outfeed.internal.transform;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The transforms of a file, in the order in which they are applied. Immutable.
 *
 * @param transforms none for a file that is delivered as its format writes it
 */
public record TransformChain(List<FileTransform> transforms) {

    /** So short that the longest name of a file stays below the limits of file systems with some of them. */
    private static final Pattern ENDING = Pattern.compile("\\.[a-z0-9]{1,15}");

    public TransformChain {
        transforms = List.copyOf(transforms);
    }

    public boolean isEmpty() {
        return transforms.isEmpty();
    }

    /** Returns the chain followed by other transforms. */
    public TransformChain then(List<FileTransform> others) {
        List<FileTransform> all = new ArrayList<>(transforms);
        all.addAll(others);
        return new TransformChain(all);
    }

    /** Returns what the chain adds to the name of a file. */
    public String endings() {
        return transforms.stream().map(FileTransform::ending).collect(Collectors.joining());
    }

    /** Whether only the receivers can read the result. */
    public boolean encrypts() {
        return transforms.stream().anyMatch(FileTransform::encrypts);
    }

    /** Whether one of the transforms only computes, so that it does not matter on which thread. */
    public boolean isCompression(int index) {
        FileTransform transform = transforms.get(index);
        return transform instanceof Gzip || transform instanceof Zip;
    }

    /** Returns what makes it no chain, as clauses. */
    public List<String> problems() {
        Set<String> problems = new LinkedHashSet<>();
        Set<FileTransform> seen = new LinkedHashSet<>();
        for (FileTransform transform : transforms) {
            if (!seen.add(transform)) {
                problems.add("has " + transform + " twice");
            }
            if (!ENDING.matcher(transform.ending()).matches()) {
                problems.add("has " + transform
                        + ", whose ending is not a dot and 1 to 15 small letters and digits: correct its ending()");
            }
        }
        return List.copyOf(problems);
    }

    /**
     * Returns the name that a file has before one of the transforms.
     *
     * @param name the name with all endings
     * @param index which transform
     */
    public String nameBefore(String name, int index) {
        int endings = new TransformChain(transforms.subList(index, transforms.size()))
                .endings()
                .length();
        return name.substring(0, name.length() - endings);
    }

    /**
     * Reads back what the chain has written.
     *
     * @param in the bytes that were sent; closed with the returned stream
     * @return the plain bytes; empty if a transform can't read back
     * @throws IOException if the bytes are not those of the chain
     */
    public Optional<InputStream> undo(InputStream in) throws IOException {
        InputStream plain = in;
        for (int i = transforms.size() - 1; i >= 0; i--) {
            Optional<InputStream> before = transforms.get(i).undo(plain);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            plain = before.get();
        }
        return Optional.of(plain);
    }
}
