package com.shop.orders;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

@Component
public class StockClient {
  private final RestTemplate http = new RestTemplate();

  public Stock find(String id) {
    return http.getForObject("http://stock:8080/items/" + id, Stock.class);
  }

  public void reserve(String id) {
    new RestTemplate().postForObject("http://stock:8080/reservations", id, Void.class);
  }
}
