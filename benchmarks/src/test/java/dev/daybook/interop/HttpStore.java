package dev.daybook.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A remote of DVC's that is no folder: a server of this machine that keeps in memory what it is sent. */
final class HttpStore implements AutoCloseable {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final HttpServer server;

    HttpStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/data";
    }

    /** What it has been sent, as text. */
    Collection<String> contents() {
        return objects.values().stream()
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var method = exchange.getRequestMethod();
            if (method.equals("POST") || method.equals("PUT")) {
                objects.put(path, exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(OK, -1);
                return;
            }
            var content = Optional.ofNullable(objects.get(path));
            if (content.isEmpty()) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            } else if (method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.get().length));
                exchange.sendResponseHeaders(OK, -1);
            } else {
                exchange.sendResponseHeaders(OK, content.get().length);
                exchange.getResponseBody().write(content.get());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
