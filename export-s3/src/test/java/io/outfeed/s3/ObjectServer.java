package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** S3Proxy in a process of its own, one for all tests of this JVM; each test makes a bucket. */
final class ObjectServer {

    static final String ACCESS_KEY = "AKIAOUTFEEDTEST";
    static final String SECRET = "correct-horse-battery-staple";

    private static final Pattern STARTED = Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");

    private static Optional<ObjectServer> running = Optional.empty();

    private final int port;
    private final S3Client client;

    private ObjectServer(int port) {
        this.port = port;
        this.client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    static synchronized ObjectServer get() {
        if (running.isEmpty()) {
            try {
                running = Optional.of(start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return running.get();
    }

    private static ObjectServer start() throws IOException {
        Path jar = Path.of(System.getProperty("basedir", ""), "target/s3proxy/s3proxy.jar");
        Path directory = Files.createTempDirectory("outfeed-s3proxy");
        Path configuration = Files.writeString(
                directory.resolve("s3proxy.conf"),
                String.join(
                        "\n",
                        List.of(
                                "s3proxy.endpoint=http://127.0.0.1:0",
                                "s3proxy.authorization=aws-v2-or-v4",
                                "s3proxy.identity=" + ACCESS_KEY,
                                "s3proxy.credential=" + SECRET,
                                "jclouds.provider=filesystem-nio2",
                                "jclouds.filesystem.basedir=" + Files.createDirectory(directory.resolve("data")))));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        jar.toString(),
                        "--properties",
                        configuration.toString())
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, directory)));
        return new ObjectServer(port(process.inputReader(UTF_8)));
    }

    private static void stop(Process process, Path directory) {
        try {
            process.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("The directory of S3Proxy is left: " + directory + " (" + e + ")");
        }
    }

    /** Reads until the port is said; the rest is read by a thread, so that the server does not stand still. */
    private static int port(BufferedReader log) throws IOException {
        StringBuilder read = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher matcher = STARTED.matcher(line);
            if (matcher.find()) {
                Thread rest = new Thread(() -> log.lines().forEach(ignored -> {}), "s3proxy log");
                rest.setDaemon(true);
                rest.start();
                return Integer.parseInt(matcher.group(1));
            }
            read.append(line).append('\n');
        }
        throw new IOException("S3Proxy did not start:\n" + read);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    S3Client client() {
        return client;
    }

    String makeBucket() {
        String bucket = "b-" + UUID.randomUUID();
        client.createBucket(create -> create.bucket(bucket));
        return bucket;
    }

    /** A delivery to a bucket of this server, below a prefix. */
    S3Delivery.Builder delivery(String bucket) {
        return delivery(bucket, endpoint());
    }

    /** The same through a proxy. */
    static S3Delivery.Builder delivery(String bucket, URI endpoint) {
        return S3Delivery.builder("lakeside", bucket)
                .endpointWithoutEncryption(endpoint)
                .pathStyle()
                .prefix("exports")
                .accessKey(ACCESS_KEY, SECRET::toCharArray);
    }

    void put(String bucket, String key, String text) {
        client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    Optional<byte[]> read(String bucket, String key) {
        try {
            return Optional.of(
                    client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    HeadObjectResponse head(String bucket, String key) {
        return client.headObject(head -> head.bucket(bucket).key(key));
    }

    /** The keys of all objects. */
    List<String> keys(String bucket) {
        return client.listObjectsV2(list -> list.bucket(bucket)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    List<MultipartUpload> uploads(String bucket) {
        return client.listMultipartUploads(list -> list.bucket(bucket)).uploads();
    }
}
