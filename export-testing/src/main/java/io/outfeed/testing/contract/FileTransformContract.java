package io.outfeed.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.FileTransform.Content;
import io.outfeed.format.FileLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link FileTransform} must do. An implementation extends it, and says how its files are read back: best by
 * a program that the receivers of its files use.
 */
public abstract class FileTransformContract {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static final byte[] TEXT = "id,note\r\n1,Grüße\r\n".getBytes(UTF_8);

    private static final int MANY = 1_000_000;

    /** For subclasses. */
    protected FileTransformContract() {}

    /**
     * Makes the transform.
     *
     * @return the transform, always the same
     */
    protected abstract FileTransform transform();

    /**
     * Reads a file back, as its receiver does.
     *
     * @param file the transformed bytes
     * @return the bytes before the transform
     * @throws Exception if they can't be read
     */
    protected abstract byte[] read(byte[] file) throws Exception;

    private byte[] write(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream in = transform().write(new Content("visits-1.csv", NOON), out)) {
            in.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void should_have_an_ending() {
        assertThat(transform().ending()).matches("\\.[a-z0-9]{1,15}");
    }

    @Test
    void should_be_comparable_and_have_a_name() {
        assertThat(transform()).isEqualTo(transform()).hasSameHashCodeAs(transform());
        assertThat(transform().fingerprint()).isEqualTo(transform().fingerprint());
        assertThat(transform().toString()).isNotBlank().doesNotContain("@");
    }

    @Test
    void should_accept_a_usual_layout_and_have_no_problem() {
        assertThat(transform().problems(FileLayout.of("id", "note"))).isEmpty();
        assertThat(transform().check(NOON)).isEmpty();
    }

    @Test
    void should_give_the_receiver_what_was_written() throws Exception {
        assertThat(read(write(TEXT))).isEqualTo(TEXT);
    }

    @Test
    void should_take_an_empty_file() throws Exception {
        assertThat(read(write(new byte[0]))).isEmpty();
    }

    @Test
    void should_take_bytes_one_by_one_and_in_parts() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream in = transform().write(new Content("visits-1.csv", NOON), out)) {
            in.write(TEXT[0]);
            in.flush();
            in.write(TEXT, 1, 3);
            in.write(TEXT, 4, 0);
            in.write(TEXT, 4, TEXT.length - 4);
        }

        assertThat(read(out.toByteArray())).isEqualTo(TEXT);
    }

    @Test
    void should_pass_on_what_is_written_before_the_end() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream in = transform().write(new Content("visits-1.csv", NOON), out)) {
            in.write(random(MANY));

            assertThat(out.size()).as("bytes before the end").isGreaterThan(MANY / 2);
        }
        assertThat(read(out.toByteArray())).isEqualTo(random(MANY));
    }

    @Test
    void should_read_back_what_it_can() throws Exception {
        Optional<InputStream> plain = transform().undo(new ByteArrayInputStream(write(TEXT)));

        if (plain.isPresent()) {
            try (InputStream in = plain.get()) {
                assertThat(in.readAllBytes()).isEqualTo(TEXT);
            }
            assertThatThrownBy(() -> readBack(TEXT)).isInstanceOf(IOException.class);
        }
    }

    private void readBack(byte[] file) throws IOException {
        try (InputStream in =
                transform().undo(new ByteArrayInputStream(file)).orElseGet(InputStream::nullInputStream)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Test
    void should_pass_on_a_failure_of_the_disk() {
        IOException full = new IOException("no space left");
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };

        assertThatThrownBy(() -> writeAll(disk)).isSameAs(full);
    }

    private void writeAll(OutputStream disk) throws IOException {
        OutputStream in = transform().write(new Content("visits-1.csv", NOON), disk);
        in.write(random(MANY));
        in.close();
    }

    @Test
    void should_be_used_by_several_threads_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<byte[]>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] plain = ("file " + i).repeat(10_000).getBytes(UTF_8);
                calls.add(() -> write(plain));
            }
            List<byte[]> files = new ArrayList<>();
            for (Future<byte[]> file : threads.invokeAll(calls)) {
                files.add(file.get());
            }
            for (int i = 0; i < files.size(); i++) {
                assertThat(new String(read(files.get(i)), UTF_8)).isEqualTo(("file " + i).repeat(10_000));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
