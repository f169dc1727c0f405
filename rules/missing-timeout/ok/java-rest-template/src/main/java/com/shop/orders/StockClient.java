package com.shop.orders;

import java.time.Duration;
import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

@Component
public class StockClient {
  private final RestTemplate http;
  private final RestTemplate given;
  private final Templates templates = new Templates();

  public StockClient(RestTemplateBuilder builder, RestTemplate given) {
    this.http = builder.setConnectTimeout(Duration.ofSeconds(1)).setReadTimeout(Duration.ofSeconds(2)).build();
    this.given = given;
  }

  public Stock find(String id) {
    templates.getForObject(id);
    return http.getForObject("http://stock:8080/items/" + id, Stock.class);
  }

  public Stock other(String id) {
    var template = new RestTemplate(new SimpleClientHttpRequestFactory());
    given.delete("http://stock:8080/items/" + id);
    return template.getForObject("http://stock:8080/items/" + id, Stock.class);
  }
}
