package com.shop;

import org.springframework.web.client.RestTemplate;

class Shipping {
  private static final String STOCK_URL = "http://stock:8080";
  private final RestTemplate http = new RestTemplate();

  void confirm(String id) {
    http.getForObject("http://orders:8080/orders/" + id, String.class);
    http.delete(STOCK_URL + "/items/" + id);
  }
}
