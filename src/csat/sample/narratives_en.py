"""English phrases that complaint narratives are assembled from."""

from __future__ import annotations

from typing import Final

CAUSES: Final = {
    "Meter reading error": (
        "The reading on the bill is not what my meter shows.",
        "My meter was read wrongly; two digits are swapped.",
    ),
    "Estimated bill too high": (
        "I was billed on an estimate that is twice my usual consumption.",
        "For the third time the bill rests on an estimate far too high.",
    ),
    "Tariff applied wrongly": (
        "I am on the household tariff but was billed at the business rate.",
        "The new tariff was applied from the wrong date.",
    ),
    "Payment not credited": (
        "I paid on time and received a reminder with a fee.",
        "My transfer of last month does not appear on the account.",
    ),
    "Direct debit taken twice": (
        "The same amount was debited twice within a week.",
        "You collected my bill two times and my account is overdrawn.",
    ),
    "Refund delayed": (
        "The refund confirmed in writing has not arrived.",
        "I have waited more than six weeks for my credit to be paid out.",
    ),
    "Repeated outage": (
        "Our street was without supply for the third time this month.",
        "The power failed again during the evening and came back after hours.",
    ),
    "Low pressure": (
        "The water pressure on the upper floors has been too low for days.",
        "Since the works in our street hardly any water comes out of the tap.",
    ),
    "Repair not completed": (
        "The crew opened the pavement and did not come back.",
        "The leak was patched for the moment and never properly repaired.",
    ),
    "Fault returned": (
        "The fault you repaired was back after four days.",
        "The boiler control fails again although the part was replaced.",
    ),
    "Connection date missed": (
        "The agreed date for our new connection has passed without any work.",
        "Our shop could not open because the connection was not ready.",
    ),
    "Property damaged": (
        "During the work our garden wall was damaged.",
        "The technician broke two tiles and left without a word.",
    ),
    "Dismissive staff": (
        "The employee at the counter spoke to me in a dismissive way.",
        "I was cut off in the middle of the conversation.",
    ),
    "Staff lacked knowledge": (
        "Nobody on the phone knew the procedure for moving house.",
        "The adviser had to ask colleagues about every single question.",
    ),
    "Call back not made": (
        "I was promised a call back twice and nobody called.",
        "Your team said they would ring within a day; that was two weeks ago.",
    ),
    "No slot available": (
        "There is no appointment to be had within the next four weeks.",
        "The booking page shows no free slot for any day.",
    ),
    "Booking lost": (
        "I had a confirmed appointment that nobody could find.",
        "My booking had vanished from the system when I arrived.",
    ),
    "Technician did not arrive": (
        "I waited at home all morning and no technician came.",
        "The visit was confirmed by message and nobody turned up.",
    ),
    "Technician arrived late": (
        "The technician arrived three hours after the agreed time.",
        "He came in the evening instead of the morning.",
    ),
    "Wrong information given": (
        "I was told the deposit is not needed and then had to pay it.",
        "The opening hours on your letter were wrong.",
    ),
    "Contradictory answers": (
        "The phone line and the branch gave me opposite answers.",
        "Every person I asked named a different deadline.",
    ),
    "Quotation hard to understand": (
        "The quotation lists codes without any explanation.",
        "I cannot tell from the quotation what is included.",
    ),
    "Planned works not announced": (
        "The supply was cut for planned works without any notice.",
        "Our street was closed for your works and no resident was informed.",
    ),
    "No step-free access": (
        "I use a wheelchair and could not get into the branch.",
        "The lift has been out of order for weeks.",
    ),
    "Parking not available": (
        "All customer parking spaces were taken by your own vans.",
        "There is nowhere to stop near the branch.",
    ),
    "Long queue at the counter": (
        "I queued for more than an hour although only one counter was open.",
        "People were sent home at closing time after waiting in line.",
    ),
    "App crashes": (
        "The app closes by itself whenever I open my bill.",
        "Since the last update the app does not start.",
    ),
    "Reading upload fails": (
        "The app refuses the photo of my meter every time.",
        "I tried five times to send my reading and got an error.",
    ),
    "Online form rejects entry": (
        "The online form does not accept my customer number.",
        "I filled in the form three times and it was rejected without a reason.",
    ),
    "Cannot log in": (
        "I cannot log in and the password reset never arrives.",
        "My account is locked and nobody can open it.",
    ),
}

CONSEQUENCES: Final = (
    "",
    "",
    "I have already called about it twice.",
    "This is the second time this year.",
    "It cost me a day off work.",
    "My neighbours have the same problem.",
    "I have photos and can send them.",
    "We have been customers for many years.",
)
REQUESTS: Final = (
    "",
    "",
    "Please check and correct this.",
    "Please let me know when it will be settled.",
    "I expect an answer in writing.",
    "I ask for a refund of the difference.",
    "Please call me in the afternoon.",
)
SEPARATOR: Final = " "
