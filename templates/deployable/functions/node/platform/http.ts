import type { HttpApp, HttpHostOptions } from '../http/port.ts';

/** A request as API Gateway's HTTP APIs and function URLs hand it over: payload format 2.0. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Lower-case names; several values of one header are joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp: string } };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** AWS Lambda as the host: it receives bytes and sends them; what they mean is the application's. */
export const lambdaHttp =
  (app: HttpApp, { bodyLimitBytes }: Pick<HttpHostOptions, 'bodyLimitBytes'>) =>
  async ({ rawPath, rawQueryString, headers, requestContext, ...given }: HttpEvent): Promise<HttpResult> => {
    const { method, sourceIp } = requestContext.http;
    const body =
      given.body === undefined ? undefined : Buffer.from(given.body, given.isBase64Encoded ? 'base64' : 'utf8');
    const { status, ...answer } = await app.dispatch({
      method,
      url: rawQueryString ? `${rawPath}?${rawQueryString}` : rawPath,
      headers,
      body: body && body.length > bodyLimitBytes ? 'too-long' : body,
      remoteAddress: sourceIp,
    });
    return { statusCode: status, ...answer };
  };
