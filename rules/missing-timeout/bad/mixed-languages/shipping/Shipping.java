import org.springframework.web.client.RestTemplate;

class Shipping {
  private final RestTemplate http = new RestTemplate();

  void confirm(String url) {
    http.postForLocation(url, null);
  }
}
