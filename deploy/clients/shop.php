<?php
// A shop in PHP, which uses the token server in place of Daraja. It asks for a QR code to pay with: it moves no money.
$daraja = getenv('DARAJA_URL');

/** Sends a request. Returns the status, and the answer from JSON. */
function send(string $url, array $options): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30] + $options);
    $text = curl_exec($curl);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($text ?: '{}')];
}

/** The token, which is kept for its lifetime. In Laravel: Cache::put('daraja', $token, (int) $grant->expires_in). */
function token(string $daraja): string
{
    static $token, $end = 0;
    if (time() < $end) {
        return $token;
    }
    $pair = getenv('DARAJA_CONSUMER_KEY') . ':' . getenv('DARAJA_CONSUMER_SECRET');
    [$status, $grant] = send("$daraja/oauth/v1/generate?grant_type=client_credentials", [CURLOPT_USERPWD => $pair]);
    if ($status !== 200) {
        fwrite(STDERR, "The token server answered HTTP $status.\n");
        exit(1);
    }
    $end = time() + (int) $grant->expires_in;
    return $token = $grant->access_token;
}

for ($order = 1; $order <= 3; $order++) {
    $qr = ['MerchantName' => 'Shop', 'RefNo' => "Order $order", 'Amount' => 1];
    [$status, $answer] = send("$daraja/mpesa/qrcode/v1/generate", [
        CURLOPT_POSTFIELDS => json_encode($qr + ['TrxCode' => 'PB', 'CPI' => '174379', 'Size' => '300']),
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . token($daraja), 'Content-Type: application/json'],
    ]);
    echo "shop, order $order: HTTP $status, ", $answer->ResponseDescription ?? $answer->errorMessage ?? '', "\n";
}
