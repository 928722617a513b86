package io.outfeed.examples;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.Authorizer;
import io.outfeed.console.Console;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.httpserver.ConsoleHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.ZoneId;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pages for operators, for this machine only: a browser needs no login, and may do everything. */
final class DemoConsole implements AutoCloseable {

    private static final String PATH = "/exports/";

    private static final int THREADS = 4;

    private final Console console;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    private DemoConsole(Console console, HttpServer server) {
        this.console = console;
        this.server = server;
    }

    /** Serves the jobs of an engine at a free port. */
    static DemoConsole serve(ExportEngine engine, ZoneId zone) throws IOException {
        Console console = Console.builder(engine, new Everything())
                .title("Exports of the demonstration")
                .zone(zone)
                .build();
        DemoConsole served = new DemoConsole(
                console, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        Principal visitor = () -> "visitor";
        served.server.setExecutor(served.threads);
        served.server.createContext(PATH, new ConsoleHandler(console, exchange -> visitor));
        served.server.start();
        return served;
    }

    private static final class Everything implements Authorizer {

        @Override
        public boolean allows(Principal principal, ConsoleAction action, ExportJob job) {
            return true;
        }

        @Override
        public boolean allowsAll(Principal principal, ConsoleAction action) {
            return true;
        }
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort() + PATH;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        console.close();
    }
}
