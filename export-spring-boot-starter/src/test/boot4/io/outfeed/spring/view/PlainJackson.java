package io.outfeed.spring.view;

import tools.jackson.databind.json.JsonMapper;

/** Jackson as Spring Boot 4 has it, without configuration. */
final class PlainJackson {

    private static final JsonMapper JSON = new JsonMapper();

    private PlainJackson() {}

    static String write(Object view) {
        return JSON.writeValueAsString(view);
    }

    static <T> T read(String json, Class<T> type) {
        return JSON.readValue(json, type);
    }
}
