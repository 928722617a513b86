package io.outfeed.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.s3.S3Delivery;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server with the API of S3, in a process of its own on this machine, whose buckets are directories. */
final class DemoObjectServer implements AutoCloseable {

    static final String ACCESS_KEY = "AKIADEMO";
    private static final Pattern STARTED = Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");

    private final Process process;
    private final Path buckets;
    private final URI endpoint;
    private final String secret;

    private DemoObjectServer(Process process, Path buckets, URI endpoint, String secret) {
        this.process = process;
        this.buckets = buckets;
        this.endpoint = endpoint;
        this.secret = secret;
    }

    /** Starts a server below a directory of this machine; Maven has put its program below {@code target}. */
    static DemoObjectServer start(Path home) throws IOException {
        Path program = Path.of(System.getProperty("basedir", ""), "target", "s3proxy", "s3proxy.jar");
        Path buckets = Files.createDirectories(home.resolve("buckets"));
        String secret = UUID.randomUUID().toString();
        Path configuration =
                Files.writeString(home.resolve("s3proxy.conf"), """
                s3proxy.endpoint=http://127.0.0.1:0
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(ACCESS_KEY, secret, buckets));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        program.toString(),
                        "--properties",
                        configuration.toString())
                .redirectErrorStream(true)
                .start();
        try {
            int port = port(process.inputReader(UTF_8));
            return new DemoObjectServer(process, buckets, URI.create("http://127.0.0.1:" + port), secret);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Reads until the port is said; the rest is read by a thread, so that the server does not stand still. */
    private static int port(BufferedReader output) throws IOException {
        StringBuilder read = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                Thread rest = new Thread(() -> output.lines().forEach(ignored -> {}), "s3proxy output");
                rest.setDaemon(true);
                rest.start();
                return Integer.parseInt(started.group(1));
            }
            read.append(line).append('\n');
        }
        throw new IOException("the server with the API of S3 did not start: " + read);
    }

    /** A delivery to a bucket, which the operator of the server makes. */
    S3Delivery delivery(String id, String bucket) throws IOException {
        Files.createDirectories(directory(bucket));
        return S3Delivery.builder(id, bucket)
                .endpointWithoutEncryption(endpoint)
                .pathStyle()
                .accessKey(ACCESS_KEY, secret::toCharArray)
                .build();
    }

    /** Where the objects of a bucket lie on this machine. */
    Path directory(String bucket) {
        return buckets.resolve(bucket);
    }

    URI endpoint() {
        return endpoint;
    }

    String secret() {
        return secret;
    }

    String description() {
        return "buckets at " + endpoint;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
