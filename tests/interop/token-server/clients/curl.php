<?php
// A typical plug-in of a shop: PHP's extension curl, with Daraja's host in the code.
require __DIR__ . '/tally.php';

const HOST = 'https://sandbox.safaricom.co.ke';

function ask(string $path, array $options): array
{
    $curl = curl_init(HOST . $path);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
    $answer = curl_exec($curl);
    if ($answer === false) throw new RuntimeException(curl_error($curl));
    return json_decode($answer, true);
}

$token = ask('/oauth/v1/generate?grant_type=client_credentials', [
    CURLOPT_USERPWD => getenv('DARAJA_CONSUMER_KEY') . ':' . getenv('DARAJA_CONSUMER_SECRET'),
])['access_token'];
tally(fn() => ask('/mpesa/stkpush/v1/processrequest', [
    CURLOPT_POSTFIELDS => json_encode(order()),
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'Content-Type: application/json'],
]));
