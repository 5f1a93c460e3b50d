<?php
/** Makes CALLS calls, and prints how they ended. `$pay()` gives Daraja's answer as an array. */
function tally(callable $pay): void
{
    $counts = ['accepted' => 0, 'refused' => 0, 'failed' => 0];
    for ($i = 0; $i < (int) getenv('CALLS'); $i++) {
        try {
            $answer = $pay();
        } catch (Throwable $error) {
            fwrite(STDERR, $error->getMessage() . "\n");
            $answer = [];
        }
        $isRefused = ($answer['errorCode'] ?? '') === '404.001.03';
        $counts[$isRefused ? 'refused' : (($answer['ResponseCode'] ?? '') === '0' ? 'accepted' : 'failed')]++;
    }
    echo json_encode($counts), "\n";
}

/** The payment that a customer is asked for. */
function order(): array
{
    $time = date('YmdHis');
    $passKey = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919';
    return [
        'BusinessShortCode' => 174379,
        'Password' => base64_encode("174379$passKey$time"),
        'Timestamp' => $time,
        'TransactionType' => 'CustomerPayBillOnline',
        'Amount' => 1,
        'PartyA' => 254708374149,
        'PartyB' => 174379,
        'PhoneNumber' => 254708374149,
        'CallBackURL' => 'https://example.com/paid',
        'AccountReference' => 'order',
        'TransactionDesc' => 'order',
    ];
}
