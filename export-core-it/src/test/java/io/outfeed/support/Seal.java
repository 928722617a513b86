package io.outfeed.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.file.transform.FileTransform;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A transform that flips all bits: for the engine as good as encrypted. Its files never have the same bytes twice. */
public record Seal(AtomicInteger files) implements FileTransform {

    public Seal() {
        this(new AtomicInteger());
    }

    @Override
    public String ending() {
        return ".sealed";
    }

    @Override
    public boolean encrypts() {
        return true;
    }

    @Override
    public OutputStream write(Content content, OutputStream out) throws IOException {
        out.write(files.incrementAndGet());
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                out.write(~b);
            }
        };
    }

    public static String open(byte[] sealed) {
        byte[] plain = new byte[sealed.length - 1];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) ~sealed[i + 1];
        }
        return new String(plain, UTF_8);
    }

    @Override
    public String toString() {
        return "seal";
    }
}
