package io.outfeed.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Uploads one large file to OpenSSH on the loopback interface, by OpenSSH's own {@code sftp} and by {@code
 * export-sftp}, in turns, and prints medians and their ratios. What arrives is compared by SHA-256 each time.
 *
 * <p>A round trip longer than zero comes from a proxy that delays both ways, which both clients go through. {@code
 * sftp} is measured as a process, from start to end; a cold JVM both so and from the connect to the disconnect; a warm
 * JVM, which has delivered the file twice before, from the connect to the disconnect.
 */
final class SftpBenchmark {

    private static final int WARM_UPS = 2;

    private final OpenSsh server;
    private final Path file;
    private final String sha256;
    private final int rounds;

    private SftpBenchmark(OpenSsh server, Path file, String sha256, int rounds) {
        this.server = server;
        this.file = file;
        this.sha256 = sha256;
        this.rounds = rounds;
    }

    /** Of the arguments: the size in mebibytes, the number of rounds, and round trips in milliseconds, such as 0,20. */
    public static void main(String[] args) throws Exception {
        Path home = Files.createTempDirectory("sftp-benchmark");
        try {
            Path file = home.resolve("file");
            String sha256 = write(file, Integer.parseInt(args[0]));
            try (OpenSsh server = OpenSsh.start(home)) {
                SftpBenchmark benchmark = new SftpBenchmark(server, file, sha256, Integer.parseInt(args[1]));
                System.out.println(args[0] + " MiB to OpenSSH on "
                        + Runtime.getRuntime().availableProcessors() + " processors, medians of " + args[1]
                        + " interleaved rounds; larger ratios are faster");
                System.out.println("round trip | sftp | cold JVM, process | cold JVM, delivery | warm JVM, delivery | "
                        + "resident, cold | resident, warm");
                for (String delay : args[2].split(",", -1)) {
                    benchmark.run(Duration.ofMillis(Long.parseLong(delay)));
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(home)) {
                for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static String write(Path file, int mebibytes) throws IOException, NoSuchAlgorithmException {
        Random random = new Random(1);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return sha256(file);
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void run(Duration roundTrip) throws Exception {
        if (roundTrip.isZero()) {
            run(roundTrip, server.port());
        } else {
            try (DelayProxy proxy = DelayProxy.to(server.port(), roundTrip)) {
                run(roundTrip, proxy.port());
            }
        }
    }

    private void run(Duration roundTrip, int port) throws Exception {
        List<Long> sftp = new ArrayList<>();
        List<Long> coldProcess = new ArrayList<>();
        List<Long> cold = new ArrayList<>();
        List<Long> warm = new ArrayList<>();
        long coldKilobytes = 0;
        long warmKilobytes = 0;
        try (Jvm running = new Jvm()) {
            for (int i = 0; i < WARM_UPS; i++) {
                running.deliver(server.port());
                check();
            }
            for (int i = 0; i < rounds; i++) {
                sftp.add(server.upload(file, port));
                check();

                long start = System.nanoTime();
                try (Jvm started = new Jvm()) {
                    Delivered delivered = started.deliver(port);
                    started.end();
                    coldProcess.add(System.nanoTime() - start);
                    cold.add(delivered.nanos());
                    coldKilobytes = Math.max(coldKilobytes, delivered.kilobytes());
                }
                check();

                Delivered delivered = running.deliver(port);
                warm.add(delivered.nanos());
                warmKilobytes = Math.max(warmKilobytes, delivered.kilobytes());
                check();
            }
        }
        long base = median(sftp);
        System.out.printf(
                Locale.ROOT,
                "%d ms | %.2f s | %s | %s | %s | %d MB | %d MB%n",
                roundTrip.toMillis(),
                base / 1e9,
                ratio(base, coldProcess),
                ratio(base, cold),
                ratio(base, warm),
                coldKilobytes / 1000,
                warmKilobytes / 1000);
    }

    private static String ratio(long base, List<Long> nanos) {
        return String.format(Locale.ROOT, "%.2f s = %.2fx", median(nanos) / 1e9, (double) base / median(nanos));
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Compares what arrived, and makes room for the next. */
    private void check() throws IOException, NoSuchAlgorithmException {
        Path arrived = server.exported(file);
        if (!sha256(arrived).equals(sha256)) {
            throw new IOException("what arrived differs from what was sent");
        }
        Files.delete(arrived);
    }

    private record Delivered(long nanos, long kilobytes) {}

    /** A process that delivers, with what the JVM does by default. */
    private final class Jvm implements AutoCloseable {

        private final Process process;
        private final BufferedReader answers;

        Jvm() throws IOException, InterruptedException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-classpath",
                            System.getProperty("java.class.path"),
                            Uploader.class.getName(),
                            OpenSsh.user(),
                            server.key().toString(),
                            server.fingerprint(),
                            server.exports().toString(),
                            file.toString(),
                            sha256)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        Delivered deliver(int port) throws IOException {
            process.getOutputStream().write((port + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the delivery failed");
            }
            long[] numbers = Arrays.stream(answer.split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Delivered(numbers[0], numbers[1]);
        }

        void end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            process.waitFor();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
